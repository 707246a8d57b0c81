//! The one file that names every slice.

use poem::{EndpointExt, Route, endpoint::BoxEndpoint};
use poem_openapi::{OpenApiService, Tags};

use crate::{
    chat::ChatApi,
    deps::Deps,
    http::{self, fallback::Fallback},
    identity::IdentityApi,
    push::PushApi,
    reports::{FilesApi, ReportsApi},
    sync::SyncApi,
    tips::TipsApi,
};

/// The slices, as the contract groups its operations.
#[derive(Tags)]
pub enum Tag {
    /// Accounts without name or number, devices, sessions, passkeys.
    Identity,
    /// The one door for offline writes, and the way back.
    Sync,
    /// Talks between youths and the patrol.
    Chat,
    /// What happened, told to the patrol.
    Reports,
    /// Files that belong to a report.
    Files,
    /// Safety tips.
    Tips,
    /// Waking a sleeping phone.
    Push,
}

type Apis = (IdentityApi, SyncApi, ChatApi, ReportsApi, FilesApi, TipsApi, PushApi);

/// The contract and the operations behind it.
pub fn service(deps: &Deps) -> OpenApiService<Apis, ()> {
    let apis = (
        IdentityApi(deps.clone()),
        SyncApi(deps.clone()),
        ChatApi(deps.clone()),
        ReportsApi(deps.clone()),
        FilesApi::new(deps.clone()),
        TipsApi(deps.clone()),
        PushApi(deps.clone()),
    );
    OpenApiService::new(apis, "Nätpatrull", env!("CARGO_PKG_VERSION"))
        .description("A police station on the net. Not 112. See openapi/README.md for the guide.")
        .license("EUPL-1.2")
        .url_prefix("")
}

/// The contract as it is committed.
pub fn contract(deps: &Deps) -> String {
    let mut document: serde_json::Value = serde_json::from_str(&service(deps).spec()).unwrap_or_default();
    sort(&mut document);
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// serde_json keeps the order of insertion; the committed file keeps one order.
fn sort(value: &mut serde_json::Value) {
    if let Some(object) = value.as_object_mut() {
        object.sort_keys();
        object.values_mut().for_each(sort);
    } else if let Some(array) = value.as_array_mut() {
        array.iter_mut().for_each(sort);
    }
}

/// The whole program behind one endpoint.
pub fn app(deps: &Deps) -> Result<BoxEndpoint<'static>, String> {
    let slices = service(deps);
    let docs = slices.swagger_ui_html();
    let app = http::surround(Route::new().nest("/", slices), docs, contract(deps), deps)?;
    Ok(app.with(Fallback(deps.clone())).boxed())
}
