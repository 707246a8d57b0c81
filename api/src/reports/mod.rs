use crate::{deps::Deps,base::{actions::*,refusal::*,db::Tx}}; use entities::words::*; use std::collections::HashMap;
 #[derive(Clone,Debug,poem_openapi::Object)] pub struct SubmitReport{pub report_id:ReportId}
 #[derive(Clone,Debug,poem_openapi::Object)] pub struct ReadReport{pub report_id:ReportId}
 #[derive(Clone,Debug,PartialEq,poem_openapi::Object)] pub struct Report{pub report_id:ReportId}
 #[derive(Clone,Debug)] pub struct SealedReport;
 pub fn prepare(_:&Deps,_:SubmitReport)->Result<SealedReport,Refusal>{Ok(SealedReport)}
 pub async fn submit(_:&Deps,_:&Tx,_:Timestamp,_:&[Act<SealedReport>])->Result<Vec<Decided>,sea_orm::DbErr>{Ok(vec![])}
 pub async fn read(_:&Deps,_:&Tx,_:Timestamp,_:&[Act<ReadReport>])->Result<Vec<Decided>,sea_orm::DbErr>{Ok(vec![])}
 pub async fn views(_:&Deps,_:&Who,_:&[ReportId])->Result<HashMap<ReportId,Report>,Refusal>{Ok(HashMap::new())}