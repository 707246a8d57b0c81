use poem_openapi::ApiResponse;

/// The answer of an operation that has nothing to tell.
#[derive(ApiResponse)]
pub enum Done {
    /// Done.
    #[oai(status = 204)]
    Done,
}
