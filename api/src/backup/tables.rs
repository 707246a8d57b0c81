//! Tables and columns as the database's own catalogue names them, so that a later migration needs no change here.

use std::collections::{HashMap, HashSet};

use futures_util::{Stream, TryStreamExt};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, QueryResult, Statement, StreamTrait,
    sea_query::{Alias, Expr, ExprTrait, Query},
};

use super::record::{Column, Kind, Table, Value};

/// Parameters that one statement takes on both databases.
const PARAMETERS: usize = 30_000;
/// Rows that go into one statement.
const ROWS: usize = 500;

/// All tables; those that others refer to come before them.
pub async fn catalogue(db: &impl ConnectionTrait) -> Result<Vec<Table>, String> {
    let (mut tables, refers) = read_catalogue(db).await?;
    let (mut ordered, mut done) = (Vec::with_capacity(tables.len()), HashSet::new());
    while !tables.is_empty() {
        let waits = |table: &Table| {
            let before = refers.get(&table.name).into_iter().flatten();
            before.into_iter().any(|other| *other != table.name && !done.contains(other))
        };
        let (later, now): (Vec<_>, Vec<_>) = tables.into_iter().partition(waits);
        if now.is_empty() {
            let names: Vec<_> = later.iter().map(|table| &*table.name).collect();
            return Err(format!("tables refer to each other in a circle: {}", names.join(", ")));
        }
        done.extend(now.iter().map(|table| table.name.clone()));
        ordered.extend(now);
        tables = later;
    }
    Ok(ordered)
}

type Refers = HashMap<String, Vec<String>>;

async fn read_catalogue(db: &impl ConnectionTrait) -> Result<(Vec<Table>, Refers), String> {
    let backend = db.get_database_backend();
    // Table, column, type, and what else would make it no plain column.
    let columns = match backend {
        DbBackend::Postgres => {
            "SELECT t.table_name::text, c.column_name::text, c.data_type::text,
                    (c.is_identity = 'YES' OR c.is_generated <> 'NEVER' OR COALESCE(c.column_default, '') LIKE 'nextval%')
             FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name)
             WHERE t.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
             ORDER BY t.table_name, c.ordinal_position"
        }
        _ => {
            "SELECT t.name, c.name, c.type, c.hidden <> 0
             FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
             ORDER BY t.name, c.cid"
        }
    };
    let mut tables: Vec<Table> = Vec::new();
    for row in all(db, columns).await? {
        let get = |at| row.try_get_by_index::<String>(at).map_err(fault);
        let (table, name, declared) = (get(0)?, get(1)?, get(2)?);
        let odd = row.try_get_by_index::<bool>(3).map_err(fault)?;
        let kind = kind(&declared).filter(|_| !odd).ok_or_else(|| {
            format!("{table}.{name} is of a kind that backups do not know ({declared}): teach them in backup/tables.rs")
        })?;
        let column = Column { name, kind };
        match tables.last_mut().filter(|last| last.name == table) {
            Some(last) => last.columns.push(column),
            None => tables.push(Table { name: table, columns: vec![column] }),
        }
    }
    let references = match backend {
        DbBackend::Postgres => {
            "SELECT child.relname::text, parent.relname::text FROM pg_constraint k
             JOIN pg_class child ON child.oid = k.conrelid JOIN pg_class parent ON parent.oid = k.confrelid
             JOIN pg_namespace n ON n.oid = child.relnamespace
             WHERE k.contype = 'f' AND n.nspname = current_schema()"
        }
        _ => {
            "SELECT t.name, k.\"table\" FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) k WHERE t.type = 'table'"
        }
    };
    let mut refers = Refers::new();
    for row in all(db, references).await? {
        let get = |at| row.try_get_by_index::<String>(at).map_err(fault);
        refers.entry(get(0)?).or_default().push(get(1)?);
    }
    Ok((tables, refers))
}

fn kind(declared: &str) -> Option<Kind> {
    let declared = declared.to_lowercase();
    Some(match declared.split('(').next().unwrap_or_default() {
        "bigint" | "integer" | "smallint" | "int" => Kind::Integer,
        "double precision" | "double" | "real" => Kind::Real,
        "boolean" => Kind::Boolean,
        "text" | "varchar" | "character varying" => Kind::Text,
        "bytea" | "blob" => Kind::Bytes,
        "uuid" | "uuid_text" => Kind::Uuid,
        _ => return None,
    })
}

pub async fn texts(db: &impl ConnectionTrait, query: &str) -> Result<Vec<String>, String> {
    all(db, query).await?.iter().map(|row| row.try_get_by_index(0).map_err(fault)).collect()
}

async fn all(db: &impl ConnectionTrait, query: &str) -> Result<Vec<QueryResult>, String> {
    db.query_all_raw(Statement::from_string(db.get_database_backend(), query)).await.map_err(fault)
}

fn fault(error: DbErr) -> String {
    format!("database: {error}")
}

/// The rows of a table as they come, never all at once.
pub async fn rows<'a>(
    db: &'a DatabaseTransaction,
    table: &'a Table,
) -> Result<impl Stream<Item = Result<Vec<Value>, String>> + 'a, String> {
    let mut select = Query::select();
    select.from(table.name.clone());
    for column in &table.columns {
        let plain = Expr::col(column.name.clone());
        match column.kind {
            // PostgreSQL has several widths.
            Kind::Integer => select.expr(plain.cast_as(Alias::new("bigint"))),
            Kind::Real => select.expr(plain.cast_as(Alias::new("double precision"))),
            _ => select.expr(plain),
        };
    }
    let rows = StreamTrait::stream(db, &select).await.map_err(fault)?;
    Ok(rows.map_err(fault).and_then(|row| std::future::ready(values(table, &row))))
}

fn values(table: &Table, row: &QueryResult) -> Result<Vec<Value>, String> {
    let read = |(at, column): (usize, &Column)| {
        let value = match column.kind {
            Kind::Integer => row.try_get_by_index::<Option<i64>>(at)?.map(Value::Integer),
            Kind::Real => row.try_get_by_index::<Option<f64>>(at)?.map(Value::Real),
            Kind::Boolean => row.try_get_by_index::<Option<bool>>(at)?.map(Value::Boolean),
            Kind::Text => row.try_get_by_index::<Option<String>>(at)?.map(Value::Text),
            Kind::Bytes => row.try_get_by_index::<Option<Vec<u8>>>(at)?.map(Value::Bytes),
            Kind::Uuid => row.try_get_by_index::<Option<uuid::Uuid>>(at)?.map(Value::Uuid),
        };
        Ok(value.unwrap_or(Value::Null))
    };
    let values: Result<_, DbErr> = table.columns.iter().enumerate().map(read).collect();
    values.map_err(|error| format!("{}: {error}", table.name))
}

/// How many rows of a table go into one statement.
pub fn batch(table: &Table) -> usize {
    (PARAMETERS / table.columns.len().max(1)).clamp(1, ROWS)
}

pub async fn insert(db: &impl ConnectionTrait, table: &Table, rows: Vec<Vec<Value>>) -> Result<(), String> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut insert = Query::insert();
    insert.into_table(table.name.clone()).columns(table.columns.iter().map(|column| column.name.clone()));
    for row in rows {
        let values = table.columns.iter().zip(row).map(|(column, value)| Expr::value(bound(column.kind, value)));
        insert.values(values).map_err(|error| format!("{}: {error}", table.name))?;
    }
    db.execute(&insert).await.map(drop).map_err(|error| format!("{}: {error}", table.name))
}

fn bound(kind: Kind, value: Value) -> sea_orm::Value {
    match value {
        Value::Integer(value) => value.into(),
        Value::Real(value) => value.into(),
        Value::Boolean(value) => value.into(),
        Value::Text(value) => value.into(),
        Value::Bytes(value) => value.into(),
        Value::Uuid(value) => value.into(),
        Value::Null => match kind {
            Kind::Integer => Option::<i64>::None.into(),
            Kind::Real => Option::<f64>::None.into(),
            Kind::Boolean => Option::<bool>::None.into(),
            Kind::Text => Option::<String>::None.into(),
            Kind::Bytes => Option::<Vec<u8>>::None.into(),
            Kind::Uuid => Option::<uuid::Uuid>::None.into(),
        },
    }
}

/// Takes away what migrations put there themselves, the last table first.
pub async fn empty(db: &impl ConnectionTrait, tables: &[Table]) -> Result<(), String> {
    for table in tables.iter().rev() {
        let delete = Query::delete().from_table(table.name.clone()).to_owned();
        db.execute(&delete).await.map_err(|error| format!("{}: {error}", table.name))?;
    }
    Ok(())
}
