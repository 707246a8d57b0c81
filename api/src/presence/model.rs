use entities::words::SignKind;
use poem_openapi::Object;

/// What one does in a talk at this moment.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Doing {
    /// `looking` is for officers, `typing` for its youth and the officer who holds it.
    pub kind: SignKind,
}
