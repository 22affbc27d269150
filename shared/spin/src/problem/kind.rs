//! All kinds of problems there are: `docs/http-status-codes.md` says what to do about each.

use http::StatusCode;

macro_rules! kinds {
    ($($(#[doc = $meaning:literal])+ $kind:ident = $status:ident, $code:literal, $detail:expr;)*) => {
        /// A kind of problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind {
            $($(#[doc = $meaning])+ $kind,)*
        }

        impl Kind {
            /// All of them, in the order of their statuses.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The stable name clients can rely on.
            pub fn code(self) -> &'static str {
                match self { $(Self::$kind => $code,)* }
            }

            /// The HTTP status.
            pub fn status(self) -> StatusCode {
                match self { $(Self::$kind => StatusCode::$status,)* }
            }

            /// A sentence for a developer, where nothing better is known.
            pub(super) fn detail(self) -> Option<&'static str> {
                match self { $(Self::$kind => $detail,)* }
            }
        }
    };
}

kinds! {
    /// The body is no JSON.
    MalformedJson = BAD_REQUEST, "malformed-json", Some("the body is no JSON");
    /// The body is no UTF-8.
    MalformedUtf8 = BAD_REQUEST, "malformed-utf-8", Some("the body is no UTF-8");
    /// The body did not arrive as a whole.
    BodyIncomplete = BAD_REQUEST, "body-incomplete", Some("the body did not arrive as a whole");
    /// There is no token.
    TokenMissing = UNAUTHORIZED, "token-missing", Some("a token is needed, as in Authorization: Bearer …");
    /// The token is none of ours.
    TokenInvalid = UNAUTHORIZED, "token-invalid", Some("the token is none of ours");
    /// The token has expired.
    TokenExpired = UNAUTHORIZED, "token-expired", Some("the token has expired");
    /// The access key is none of ours.
    KeyInvalid = UNAUTHORIZED, "key-invalid", Some("the access key is none of ours");
    /// The token doesn't open this chat, which may not even exist.
    Forbidden = FORBIDDEN, "forbidden", Some("this token doesn't open that");
    /// There is no such route.
    NotFound = NOT_FOUND, "not-found", Some("there is nothing here");
    /// The route takes other methods.
    MethodNotAllowed = METHOD_NOT_ALLOWED, "method-not-allowed", Some("the header Allow names the methods this takes");
    /// The step doesn't offer this option.
    OptionNotOffered = CONFLICT, "option-not-offered", Some("the step the chat is at doesn't offer this option");
    /// The step asks for an option.
    OptionExpected = CONFLICT, "option-expected", Some("the step the chat is at asks for an option");
    /// Nothing of this kind is asked for now.
    NotAsked = CONFLICT, "not-asked", Some("nothing of this kind is asked for now");
    /// The chat is closed.
    ChatClosed = CONFLICT, "chat-closed", Some("the chat is closed");
    /// The chat is not closed, so that it cannot be requested again.
    ChatOpen = CONFLICT, "chat-open", Some("the chat is not closed yet, so that it can't be requested again");
    /// The client id, or the idempotency key, was used for another request.
    ClientIdReused = CONFLICT, "client-id-reused", Some("this id was used for another request");
    /// Another representative has the chat.
    AlreadyAssigned = CONFLICT, "already-assigned", Some("another representative has the chat");
    /// The chat is not with this representative.
    NotAssigned = CONFLICT, "not-assigned", Some("the chat is not with this representative");
    /// The chat doesn't wait for a representative.
    NotWaiting = CONFLICT, "not-waiting", Some("the chat doesn't wait for a representative");
    /// Nobody waits.
    QueueEmpty = CONFLICT, "queue-empty", Some("nobody waits");
    /// The representative has as many chats as one may have.
    AgentFull = CONFLICT, "agent-full", Some("this representative has as many chats as one may have");
    /// A form is open already.
    FormOpen = CONFLICT, "form-open", Some("the customer has a form to answer already");
    /// It was rated already.
    AlreadyRated = CONFLICT, "already-rated", Some("the chat was rated already");
    /// There was no representative to rate.
    NothingToRate = CONFLICT, "nothing-to-rate", Some("there was no representative in this chat");
    /// The chat has as many messages as it may.
    ChatFull = CONFLICT, "chat-full", Some("the chat has as many messages as one may have");
    /// The representative's message asks for a PIN or an OTP.
    AsksForSecret = CONFLICT, "asks-for-secret", Some("the message asks for a PIN or an OTP, which nobody may do");
    /// The body is larger than it may be.
    BodyTooLarge = PAYLOAD_TOO_LARGE, "body-too-large", Some("the body has more bytes than it may have");
    /// A field has a value that cannot be taken, or is missing.
    FieldInvalid = UNPROCESSABLE_ENTITY, "field-invalid", None;
    /// The identity that came with the request is not accepted.
    IdentityInvalid = UNPROCESSABLE_ENTITY, "identity-invalid", None;
    /// Too many requests.
    TooManyRequests = TOO_MANY_REQUESTS, "too-many-requests", Some("these were too many requests");
    /// A variable of the operator's is missing or wrong.
    Misconfigured = INTERNAL_SERVER_ERROR, "misconfigured", Some("the operator has to look into this");
    /// A mistake of ours.
    Internal = INTERNAL_SERVER_ERROR, "internal", Some("this is a mistake of ours");
    /// Somebody else is writing, or the store was too slow.
    Busy = SERVICE_UNAVAILABLE, "busy", Some("please send the same again");
    /// The store failed.
    StoreUnavailable = SERVICE_UNAVAILABLE, "store-unavailable", Some("please send the same again");
}

impl Kind {
    /// The status in words (RFC 9110 section 15). The `http` crate would bring along those of all statuses there are.
    pub fn title(self) -> &'static str {
        match self.status() {
            StatusCode::BAD_REQUEST => "Bad Request",
            StatusCode::UNAUTHORIZED => "Unauthorized",
            StatusCode::FORBIDDEN => "Forbidden",
            StatusCode::NOT_FOUND => "Not Found",
            StatusCode::METHOD_NOT_ALLOWED => "Method Not Allowed",
            StatusCode::CONFLICT => "Conflict",
            StatusCode::PAYLOAD_TOO_LARGE => "Content Too Large",
            StatusCode::UNPROCESSABLE_ENTITY => "Unprocessable Content",
            StatusCode::TOO_MANY_REQUESTS => "Too Many Requests",
            StatusCode::SERVICE_UNAVAILABLE => "Service Unavailable",
            _ => "Internal Server Error",
        }
    }
}
