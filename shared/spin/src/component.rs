//! A function as a Spin component: from the host's request to the host's answer.
//!
//! The SDK's attribute `http_service` goes by way of the types of the crate `http`, whose maps and parsers are a
//! fifth of a small component. Here the host's own types are read and written, in the same world.

use std::{cell::RefCell, rc::Rc};

use alap_shared::{service::Service, settings::Variables, together::all};
use http::Method;
use spin_sdk::{
    variables,
    wasip3::{
        http::types::{self, ErrorCode, Fields},
        wit_bindgen::{self, StreamResult},
        wit_future, wit_stream,
    },
};

use crate::{
    answer::{Answer, Response},
    configuration::{Configuration, Extra, Misconfigured},
    exchange::exchange,
    origins::Origins,
    ports::SpinPorts,
    problem::{Kind, Problem},
    request::{BODY_LIMIT, Body, Request},
};

#[doc(hidden)]
pub use spin_sdk::wasip3 as host;

/// Makes a component of a function: `component!(Agents, respond)` of one that is given [`Extra::Agents`] and answers
/// by `async fn respond(&Request, &Service<P>) -> Answer`, and `component!(respond)` of one that needs neither store
/// nor variables and answers by `async fn respond(&Request) -> Answer`.
#[macro_export]
macro_rules! component {
    ($extra:ident, $respond:path) => {
        $crate::component!(@ request => $crate::component::serve(request, $crate::Extra::$extra, $respond));
    };
    ($respond:path) => {
        $crate::component!(@ request => $crate::component::serve_alone(request, $respond));
    };
    (@ $request:ident => $answer:expr) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            use $crate::component::host;

            struct Component;
            host::http::service::export!(Component);

            impl host::exports::http::handler::Guest for Component {
                async fn handle(
                    $request: host::http::types::Request,
                ) -> Result<host::http::types::Response, host::http::types::ErrorCode> {
                    $answer.await
                }
            }
        };
    };
}

/// What a component gives to its host. There is an error only where the host takes no answer at all.
pub type Outcome = Result<types::Response, ErrorCode>;

thread_local! {
    /// What the operator has set; an instance of a component lives for seconds. Nothing of any request is kept.
    static CONFIGURATION: RefCell<Option<Rc<Configuration>>> = const { RefCell::new(None) };
}

/// Answers a request to a function of the chat by what `respond` says.
pub async fn serve(
    request: types::Request,
    extra: Extra,
    respond: impl AsyncFnOnce(&Request, &Service<SpinPorts>) -> Answer,
) -> Outcome {
    let request = read(request).await;
    write(match configuration(extra).await {
        Ok(configuration) => {
            let service = configuration.service(SpinPorts);
            let respond = async |request: &Request| respond(request, &service).await;
            exchange(&request, configuration.origins(), respond, log).await
        }
        Err(misconfigured) => {
            let problem = Problem::of_ours(Kind::Misconfigured, misconfigured.to_string());
            let respond = async |_: &Request| Err(problem);
            exchange(&request, &Origins::default(), respond, log).await
        }
    })
}

/// The same for a component that needs neither store nor variables.
pub async fn serve_alone(
    request: types::Request,
    respond: impl AsyncFnOnce(&Request) -> Answer,
) -> Outcome {
    let request = read(request).await;
    write(exchange(&request, &Origins::default(), respond, log).await)
}

/// Reads a request, its body only where one has a meaning (RFC 9110 section 9.3).
async fn read(request: types::Request) -> Request {
    let method = match request.get_method() {
        types::Method::Get => Method::GET,
        types::Method::Head => Method::HEAD,
        types::Method::Post => Method::POST,
        types::Method::Put => Method::PUT,
        types::Method::Delete => Method::DELETE,
        types::Method::Connect => Method::CONNECT,
        types::Method::Options => Method::OPTIONS,
        types::Method::Patch => Method::PATCH,
        // Nothing here takes another one, whatever it is.
        types::Method::Trace | types::Method::Other(_) => Method::TRACE,
    };
    let target = request.get_path_with_query().unwrap_or_default();
    let headers = request.get_headers().copy_all();
    let body = if method == Method::POST {
        read_body(request).await
    } else {
        Body::Whole(Vec::new())
    };
    Request::new(method, &target, headers, body)
}

/// Reads a body until it ends or is too large.
async fn read_body(request: types::Request) -> Body {
    let (_taken, taken) = wit_future::new(|| Ok(()));
    let (mut stream, end) = types::Request::consume_body(request, taken);
    let mut body = Vec::with_capacity(BODY_LIMIT + 1);
    while body.len() <= BODY_LIMIT {
        let (result, read) = stream.read(body).await;
        body = read;
        match result {
            StreamResult::Complete(_) => {}
            StreamResult::Dropped | StreamResult::Cancelled => {
                return match end.await {
                    Ok(_) => Body::Whole(body),
                    Err(_) => Body::Incomplete,
                };
            }
        }
    }
    Body::TooLarge
}

/// Hands an answer to the host, which takes the body after this.
///
/// # Errors
/// When a header is none.
pub fn write(response: Response) -> Outcome {
    let value = |text: &str| text.as_bytes().to_vec();
    let headers: Vec<_> = response
        .headers
        .iter()
        .map(|(name, text)| ((*name).to_owned(), value(text)))
        .collect();
    let headers = Fields::from_list(&headers)
        .map_err(|_| ErrorCode::InternalError(Some("a header is none".to_owned())))?;
    let (mut writer, contents) = wit_stream::new();
    let (end, trailers) = wit_future::new(|| Ok(None));
    let (answer, _sent) = types::Response::new(headers, Some(contents), trailers);
    // Refused is only what is no status at all.
    let _ = answer.set_status_code(response.status.as_u16());
    wit_bindgen::spawn(async move {
        // What is left over is what the client didn't wait for; nobody is there to be told.
        let _ = writer.write_all(response.body).await;
        drop(writer);
        let _ = end.write(Ok(None)).await;
    });
    Ok(answer)
}

async fn configuration(extra: Extra) -> Result<Rc<Configuration>, Misconfigured> {
    if let Some(known) = CONFIGURATION.with_borrow(Clone::clone) {
        return Ok(known);
    }
    let names: Vec<&str> = Configuration::names(extra).collect();
    let values = all(names.iter().map(variables::get)).await;
    let mut found = Variables::new();
    for (name, value) in names.iter().zip(values) {
        match value {
            Ok(value) => {
                found.insert((*name).to_owned(), value);
            }
            // Settings have defaults; a secret that is not there is found missing below.
            Err(variables::Error::Undefined(_)) => {}
            Err(
                variables::Error::InvalidName(reason)
                | variables::Error::Provider(reason)
                | variables::Error::Other(reason),
            ) => return Err(Misconfigured::unreadable(name, &reason)),
        }
    }
    let configuration = Rc::new(Configuration::new(&found, extra)?);
    CONFIGURATION.set(Some(configuration.clone()));
    Ok(configuration)
}

/// Hosts keep what a component writes to standard error as its log.
fn log(line: &str) {
    eprintln!("{line}");
}
