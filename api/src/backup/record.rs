//! What stands in a backup, in this order: each table with its rows, each object of the blob store, the end.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Serialize, Deserialize)]
pub enum Record {
    Table(Table),
    /// Of the table named last, a value a column.
    Row(Vec<Value>),
    /// So many bytes follow, outside of any record.
    Object {
        path: String,
        size: u64,
    },
    End(Counts, [u8; 32]),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
}

/// What a column holds, whatever either database calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    Integer,
    Real,
    Boolean,
    Text,
    Bytes,
    Uuid,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Boolean(bool),
    Text(String),
    Bytes(Vec<u8>),
    Uuid(Uuid),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub tables: u64,
    pub rows: u64,
    /// Objects of the blob store.
    pub objects: u64,
    pub object_bytes: u64,
    /// Objects that rows named and that had gone when their turn came.
    pub gone: u64,
}
