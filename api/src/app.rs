//! The one file that names every slice.

use poem_openapi::{OpenApiService, Tags};

use crate::{
    chat::ChatApi,
    deps::Deps,
    reports::{FilesApi, ReportsApi},
    sync::SyncApi,
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

type Apis = (SyncApi, ChatApi, ReportsApi, FilesApi);

/// The contract and the operations behind it.
pub fn service(deps: &Deps) -> OpenApiService<Apis, ()> {
    let apis = (
        SyncApi(deps.clone()),
        ChatApi(deps.clone()),
        ReportsApi(deps.clone()),
        FilesApi::new(deps.clone()),
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
