//! Everything that is not a slice: the app, the contract, problem pages, health, and what holds for every answer.

use std::sync::LazyLock;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use poem::{
    Endpoint, EndpointExt, IntoResponse, Request, Response, Result, Route,
    endpoint::BoxEndpoint,
    http::{HeaderValue, Method, StatusCode, header},
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{
    app_files::{AppFiles, Card},
    fallback, headers, limits, metrics,
    problem::Failure,
};
use crate::{base::refusal::Kind, deps::Deps};

/// Reads that any page may ask for: public, the same for everyone, and without credentials.
const PUBLIC_READS: [&str; 11] = [
    "/api/v1/tips",
    "/api/v1/tips/places",
    "/api/v1/polls",
    "/api/v1/ideas",
    "/api/v1/dialogues",
    "/api/v1/insight/figures",
    "/api/v1/insight/figures.csv",
    "/api/v1/posts",
    "/api/v1/quarters/opening",
    "/api/v1/patrols/board",
    "/api/openapi.json",
];
/// And all that begin with this.
const PUBLIC_DOCUMENTS: &str = "/api/v1/questionnaires/";
/// And each by its id, with all that is read of a post.
const PUBLIC_THINGS: [&str; 4] = ["/api/v1/tips/", "/api/v1/polls/", "/api/v1/ideas/", PUBLIC_DIALOGUES];
const PUBLIC_DIALOGUES: &str = "/api/v1/dialogues/";
/// What all read of a dialogue.
const OF_DIALOGUES: [&str; 4] = ["questions", "polls", "events", "stream"];
const PUBLIC_POSTS: &str = "/api/v1/posts/";

fn is_public_read(path: &str) -> bool {
    let of_post = || path.strip_prefix(PUBLIC_POSTS).and_then(|rest| rest.split('/').next());
    let followed = || {
        let (id, what) = path.strip_prefix(PUBLIC_DIALOGUES)?.split_once('/')?;
        OF_DIALOGUES.contains(&what).then_some(id)
    };
    let thing = || PUBLIC_THINGS.iter().find_map(|start| path.strip_prefix(start)).or_else(of_post);
    PUBLIC_READS.contains(&path)
        || path.starts_with(PUBLIC_DOCUMENTS)
        || thing().into_iter().chain(followed()).any(|id| Uuid::try_parse(id).is_ok())
}

/// Where the slices answer, with nothing that may be kept unless they say so.
const SLICES: &str = "/api/v1/";

/// A page and its policy, made when it is first asked for: few ask, and it is large.
type Page = LazyLock<(Bytes, HeaderValue), Box<dyn FnOnce() -> (Bytes, HeaderValue) + Send>>;

fn page(
    text: impl FnOnce() -> String + Send + 'static,
    policy: impl FnOnce(&str) -> HeaderValue + Send + 'static,
) -> Page {
    LazyLock::new(Box::new(move || {
        let text = text();
        let policy = policy(&text);
        (text.into(), policy)
    }))
}

/// What a preview of the link to a thing shows, if that is shown now.
type MakesCard = fn(Deps, Uuid) -> BoxFuture<'static, Option<Card>>;

/// Where links to posts lead.
const POSTS: &str = "/posts/";

pub struct Surround {
    slices: BoxEndpoint<'static>,
    contract: Page,
    app_policy: HeaderValue,
    docs: Page,
    files: AppFiles,
    card: MakesCard,
    bodies: limits::Room,
    deps: Deps,
}

/// Puts the slices into their surroundings.
pub fn surround(
    slices: Route,
    docs: impl FnOnce() -> String + Send + 'static,
    contract: impl FnOnce() -> String + Send + 'static,
    card: MakesCard,
    deps: &Deps,
) -> Result<Surround, String> {
    let files = AppFiles::read(&deps.config)?;
    let app_policy = headers::app_policy(&deps.config);
    let policy = app_policy.clone();
    Ok(Surround {
        slices: slices.map_to_response().boxed(),
        contract: page(contract, move |_| policy),
        app_policy,
        docs: page(docs, headers::docs_policy),
        files,
        card,
        bodies: limits::Room::default(),
        deps: deps.clone(),
    })
}

impl Endpoint for Surround {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let path = request.uri().path();
        let public = request.method() == Method::GET && is_public_read(path);
        let of_slices = request.uri().path().starts_with(SLICES);
        let mut response = fallback::answered(&*self.deps.chance, self.answer(request)).await;
        if of_slices {
            response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        }
        if public {
            response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            response.headers_mut().insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
        }
        headers::secure(response.headers_mut(), &self.deps.config, &self.app_policy);
        metrics::count(&response);
        Ok(response)
    }
}

impl Surround {
    async fn answer(&self, mut request: Request) -> Result<Response> {
        if self.deps.config.demo && !headers::demo_may_answer(request.headers()) {
            return Ok(Failure::from(Kind::DemoOnly).into_response());
        }
        let path = request.uri().path().to_owned();
        if path.starts_with(SLICES) {
            request.set_data(self.deps.clone());
            let (request, _held) = match limits::bounded(request, &self.bodies).await {
                Ok(bounded) => bounded,
                Err(refusal) => return Ok(Failure::from(refusal).into_response()),
            };
            return self.slices.call(request).await;
        }
        if request.method() != Method::GET && request.method() != Method::HEAD {
            let kind = if path.starts_with("/api") { Kind::NotFound } else { Kind::MethodNotAllowed };
            return Ok(Failure::from(kind).into_response());
        }
        Ok(match path.as_str() {
            "/healthz" => plain("alive"),
            "/readyz" => match self.deps.db.read().execute_unprepared("SELECT 1").await {
                Ok(_) => plain("ready"),
                Err(error) => Failure::from(error).into_response(),
            },
            "/api/openapi.json" => Response::builder()
                .content_type("application/json")
                .header(header::CACHE_CONTROL, "no-cache")
                .body(self.contract.0.clone()),
            "/api/docs" => Response::builder()
                .content_type("text/html; charset=utf-8")
                .header(header::CONTENT_SECURITY_POLICY, &self.docs.1)
                .body(self.docs.0.clone()),
            path => match path.strip_prefix("/problems/") {
                Some(word) => match Kind::from_word(word) {
                    Some(kind) => Response::builder().content_type("text/markdown; charset=utf-8").body(kind.page()),
                    None => Failure::from(Kind::NotFound).into_response(),
                },
                None if path.starts_with("/api") => Failure::from(Kind::NotFound).into_response(),
                None => match self.with_card(path).await.or_else(|| self.files.answer(path, request.headers())) {
                    Some(file) => file,
                    None => Failure::from(Kind::NotFound).into_response(),
                },
            },
        })
    }
}

impl Surround {
    async fn with_card(&self, path: &str) -> Option<Response> {
        let id = Uuid::try_parse(path.strip_prefix(POSTS)?).ok()?;
        let card = (self.card)(self.deps.clone(), id).await?;
        self.files.with_card(&card, &self.deps.config)
    }
}

fn plain(text: &'static str) -> Response {
    Response::builder().status(StatusCode::OK).content_type("text/plain; charset=utf-8").body(text)
}
