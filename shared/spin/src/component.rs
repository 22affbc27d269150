//! A function as a Spin component: from the host's request to the host's answer.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use alap_shared::service::Service;
use bytes::Bytes;
use futures::future::join_all;
use http::Method;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use spin_sdk::{http::FullBody, variables};

use crate::{
    answer::Answer,
    configuration::{Configuration, Extra, Misconfigured},
    exchange::exchange,
    origins::Origins,
    ports::SpinPorts,
    problem::{Kind, Problem},
    request::{BODY_LIMIT, Body, Request},
};

/// What a component gives to its host.
pub type Response = http::Response<FullBody<Bytes>>;

thread_local! {
    /// What the operator has set; an instance of a component lives for seconds. Nothing of any request is kept.
    static CONFIGURATION: RefCell<Option<Rc<Configuration>>> = const { RefCell::new(None) };
}

/// Answers a request to a function of the chat by what `respond` says.
pub async fn serve(
    request: spin_sdk::http::Request,
    extra: Extra,
    respond: impl AsyncFnOnce(&Request, &Service<SpinPorts>) -> Answer,
) -> Response {
    let request = read(request).await;
    let response = match configuration(extra).await {
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
    };
    response.map(|body| FullBody::new(body.into()))
}

/// The same for a component that needs neither store nor variables.
pub async fn serve_alone(
    request: spin_sdk::http::Request,
    respond: impl AsyncFnOnce(&Request) -> Answer,
) -> Response {
    let request = read(request).await;
    let response = exchange(&request, &Origins::default(), respond, log).await;
    response.map(|body| FullBody::new(body.into()))
}

/// Reads the body, where one has a meaning (RFC 9110 section 9.3) and it is not too large.
async fn read(request: spin_sdk::http::Request) -> Request {
    let (head, body) = request.into_parts();
    let announced = http_body::Body::size_hint(&body).upper();
    let body = if head.method != Method::POST {
        Body::Whole(Vec::new())
    } else if announced.is_some_and(|size| size > BODY_LIMIT as u64) {
        Body::TooLarge
    } else {
        match Limited::new(body, BODY_LIMIT).collect().await {
            Ok(all) => Body::Whole(all.to_bytes().into()),
            Err(error) if error.is::<LengthLimitError>() => Body::TooLarge,
            Err(_) => Body::Incomplete,
        }
    };
    Request::new(head, body)
}

async fn configuration(extra: Extra) -> Result<Rc<Configuration>, Misconfigured> {
    if let Some(known) = CONFIGURATION.with_borrow(Clone::clone) {
        return Ok(known);
    }
    let names: Vec<&str> = Configuration::names(extra).collect();
    let values = join_all(names.iter().map(variables::get)).await;
    let mut found = BTreeMap::new();
    for (name, value) in names.iter().zip(values) {
        match value {
            Ok(value) => {
                found.insert((*name).to_owned(), value);
            }
            // Settings have defaults; a secret that is not there is found missing below.
            Err(variables::Error::Undefined(_)) => {}
            Err(error) => return Err(Misconfigured::unreadable(name, &error)),
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
