//! One HTTP request: read, led to its route, answered, logged.

use std::sync::Arc;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE};
use hyper::http::request::Parts as Head;
use hyper::{HeaderMap, Method, Request, Response};
use onfile_wire::error::{ErrorType, WireError};
use onfile_wire::form::{self, Hash};
use onfile_wire::header;
use onfile_wire::params::ParamError;
use onfile_wire::view::Audience;

use crate::app::App;
use crate::auth;
use crate::call::{self, Call, place};
use crate::control;
use crate::events;
use crate::limits;
use crate::lists;
use crate::page;
use crate::pipeline::perform;
use crate::render::{self, Known};
use crate::reply::{Echo, Reply, response};
use crate::retrieve;
use crate::routes::{self, Access, Does, Found, Route};
use crate::stop::{Stop, fault, store_failed};
use crate::surroundings::Stopwatch;

/// What the log says of a request: never a body, a key, a query or a name.
#[derive(Default)]
struct Line {
    route: &'static str,
    account: String,
}

/// Answers a request, whatever happens.
pub(crate) async fn answer(app: Arc<App>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let stopwatch = Stopwatch::start();
    let mut echo = Echo { request: format!("req_{}", app.letters(14)), ..Echo::default() };
    let method = request.method().clone();
    let mut line = Line { route: "-", ..Line::default() };
    let reply = match lead(&app, request, &mut echo, &mut line).await {
        Ok(reply) => reply,
        Err(error) => Reply::error(&error, method == Method::POST),
    };
    tracing::info!(
        request.id = echo.request,
        http.method = method.as_str(),
        http.route = line.route,
        http.status = reply.status,
        took_ms = stopwatch.took_ms(),
        account.id = line.account,
        idempotency.replayed = reply.replayed,
        "request"
    );
    response(reply, &echo)
}

/// Finds what the request is for.
async fn lead(
    app: &Arc<App>,
    request: Request<Incoming>,
    echo: &mut Echo,
    line: &mut Line,
) -> Result<Reply, WireError> {
    let (head, body) = request.into_parts();
    let path = head.uri.path().to_owned();
    if head_bytes(&head) > limits::HEAD_BYTES {
        return Err(head_too_large());
    }
    match (&head.method, path.as_str()) {
        (&Method::OPTIONS, _) => {
            line.route = "preflight";
            let (name, value) = header::ALLOW_HEADERS;
            let own = vec![(name, value.to_owned())];
            return Ok(Reply { status: 204, own, ..Reply::default() });
        }
        (&Method::GET | &Method::HEAD, "/healthz" | "/healthcheck") => {
            line.route = "/healthz";
            return Ok(Reply::json(b"{\"status\": \"ok\"}\n".to_vec()));
        }
        (&Method::GET | &Method::HEAD, "/readyz") => {
            line.route = "/readyz";
            return ready(app).await;
        }
        _ => {}
    }
    let host = auth::host(&head.headers, &app.settings)?;
    if let Some(rest) = path.strip_prefix("/onfile/3ds/") {
        line.route = "/onfile/3ds/{id}";
        return visit(app, &head, body, rest, echo).await;
    }
    match routes::find(&head.method, &path) {
        Found::Route(route, ids) => {
            line.route = route.template;
            let asked = Asked { path, ids, host };
            api(app, route, asked, head, body, echo, line).await
        }
        Found::WrongMethod => Err(WireError::method_not_allowed(head.method.as_str(), &path)),
        Found::Unbuilt => Err(WireError::url_unsupported(head.method.as_str(), &path)),
        Found::Nothing => Err(WireError::url_unknown(head.method.as_str(), &path)),
    }
}

/// Whether requests can be served: the store answers.
async fn ready(app: &App) -> Result<Reply, WireError> {
    match app.store.next_due().await {
        Ok(_) => Ok(Reply::json(b"{\"status\": \"ready\"}\n".to_vec())),
        Err(_) => Err(WireError::unavailable()),
    }
}

/// A customer at the page of a challenge.
async fn visit(
    app: &Arc<App>,
    head: &Head,
    body: Incoming,
    id: &str,
    echo: &Echo,
) -> Result<Reply, WireError> {
    if id == "style.css" {
        return Ok(page::style());
    }
    let query = read_form(&[query(head)])?;
    let done = match head.method {
        Method::GET | Method::HEAD => page::show(app, id, &query).await,
        Method::POST => {
            let bytes = read(&head.headers, body).await?;
            let form = read_form(&[&bytes])?;
            let (app, id) = (Arc::clone(app), id.to_owned());
            let task = async move { page::answer(&app, &id, &query, &form).await };
            apart(task).await
        }
        _ => {
            let path = head.uri.path();
            return Err(WireError::method_not_allowed(head.method.as_str(), path));
        }
    };
    done.map_err(|stop| told(stop, &echo.request))
}

/// A request as its address tells it.
struct Asked {
    path: String,
    ids: Vec<String>,
    host: String,
}

/// A call of the API.
async fn api(
    app: &Arc<App>,
    route: &'static Route,
    asked: Asked,
    head: Head,
    body: Incoming,
    echo: &mut Echo,
    line: &mut Line,
) -> Result<Reply, WireError> {
    let is_post = head.method == Method::POST;
    let bytes = read(&head.headers, body).await?;
    let form = form::parse_all(&[query(&head), &bytes]);
    let known = form.as_ref().ok();
    let access = auth::access(&head.headers, known)?;
    let version = call::version(&head.headers, known)?;
    let as_version = |error: &WireError| Reply::error(error, is_post).version(version.as_str());
    let key = app.key_hash(&access.key);
    let (world, account, now) = place(app, &key);
    line.account.clone_from(&account.id);
    if access.audience == Audience::Publishable && route.access == Access::Secret {
        return Ok(as_version(&WireError::secret_key_required()));
    }
    if let Some(named) = stripe_account(&head.headers) {
        if named != account.id {
            return Ok(as_version(&WireError::account_invalid(access.key.text(), &named)));
        }
        echo.account = Some(named);
    }
    let idempotency = if is_post { call::idempotency(&head.headers)? } else { None };
    echo.key.clone_from(&idempotency);
    let form =
        match checked(&head.headers, &bytes).and(form.map_err(|e| ParamError::from(e).into())) {
            Ok(form) => form,
            Err(error) => return Ok(as_version(&error)),
        };
    let call = Call {
        request: echo.request.clone(),
        path: asked.path,
        ids: asked.ids,
        form,
        version,
        audience: access.audience,
        key,
        idempotency,
        base: format!("http://{}", asked.host),
        account,
        world,
        now,
    };
    // Apart from the connection: a client that goes away stops nothing half-way, and a panic is
    // one answer.
    let (app, request) = (Arc::clone(app), echo.request.clone());
    let task = async move { go(&app, route, call).await };
    match apart(task).await {
        Ok(reply) => Ok(reply),
        Err(stop) => Ok(as_version(&told(stop, &request))),
    }
}

/// Does what the route says.
async fn go(app: &Arc<App>, route: &Route, call: Call) -> Result<Reply, Stop> {
    match route.does {
        Does::Perform(operation) => perform(app, call, operation).await,
        Does::Control(control) => control::steer(app, call, control).await,
        Does::List(listing) => lists::list(app, call, listing).await,
        Does::Retrieve(retrieval) => retrieve::retrieve(app, call, retrieval).await,
        Does::ListEvents => events::list(app, call).await,
        Does::RetrieveEvent => events::retrieve(app, call).await,
        Does::Account => {
            let args = call.args(onfile_wire::params::account::RETRIEVE)?;
            let answer =
                onfile_wire::expand::Answer::Object(onfile_wire::expand::Resource::Account);
            let expand = call.expand(&args, answer)?;
            let (scene, shown) = (call.scene(), call.shown(&expand));
            let body = render::object(app, scene, shown, Known::default(), &call.account);
            Ok(Reply::json(body.await?).version(call.version.as_str()))
        }
        Does::Unbuilt => Err(WireError::url_unsupported("GET", &call.path).into()),
    }
}

/// Runs something in a task of its own.
async fn apart(
    work: impl Future<Output = Result<Reply, Stop>> + Send + 'static,
) -> Result<Reply, Stop> {
    match tokio::spawn(work).await {
        Ok(done) => done,
        Err(_) => Err(Stop::Broken("a request ended in a panic")),
    }
}

/// What the caller is told of a stop; the log is told what broke.
fn told(stop: Stop, request: &str) -> WireError {
    match stop {
        Stop::Wire(error) => *error,
        Stop::Locked => WireError::locked(),
        Stop::Store(error) => store_failed(&error, request),
        Stop::Vault(error) => fault(&error, request),
        Stop::Taken(_) => broken("a key is taken that was not sent", request),
        Stop::Broken(what) => broken(what, request),
    }
}

fn broken(what: &'static str, request: &str) -> WireError {
    tracing::error!(request.id = request, "{what}");
    WireError::fault()
}

fn query(head: &Head) -> &[u8] {
    head.uri.query().unwrap_or_default().as_bytes()
}

fn read_form(parts: &[&[u8]]) -> Result<Hash, WireError> {
    form::parse_all(parts).map_err(|error| ParamError::from(error).into())
}

/// Reads the body, as far as it may go.
async fn read(headers: &HeaderMap, body: Incoming) -> Result<Bytes, WireError> {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let length = length.and_then(|length| length.parse::<u64>().ok()).unwrap_or_default();
    if length > limits::BODY_BYTES as u64 {
        return Err(WireError::body_too_large(limits::BODY_BYTES));
    }
    let collected = Limited::new(body, limits::BODY_BYTES).collect();
    match tokio::time::timeout(limits::BODY, collected).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            Err(WireError::body_too_large(limits::BODY_BYTES))
        }
        Ok(Err(_)) => Err(WireError::invalid("The request's body broke off.")),
        Err(_) => {
            let message = "The request's body did not come in time.";
            Err(WireError::new(408, ErrorType::InvalidRequest, message))
        }
    }
}

/// A body must be a form.
fn checked(headers: &HeaderMap, body: &[u8]) -> Result<(), WireError> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let is_form = kind.is_empty() || kind.eq_ignore_ascii_case("application/x-www-form-urlencoded");
    if body.is_empty() || is_form { Ok(()) } else { Err(WireError::body_not_a_form()) }
}

fn stripe_account(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::STRIPE_ACCOUNT)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn head_bytes(head: &Head) -> usize {
    let line = head.uri.path_and_query().map_or(0, |address| address.as_str().len());
    let headers = head.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    line + headers.sum::<usize>()
}

fn head_too_large() -> WireError {
    let message =
        format!("The request's line and headers are larger than {} bytes.", limits::HEAD_BYTES);
    WireError::new(431, ErrorType::InvalidRequest, message)
}
