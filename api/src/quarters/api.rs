use entities::words::{QuarterId, ShiftId};
use poem::web::Data;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

use super::{
    model::*,
    service::{self, Asked},
};
use crate::{
    base::refusal::{Kind, Refusal},
    deps::Deps,
    http::{
        Received,
        caller::{Lead, Officer},
        problem::Answer,
    },
    sync::{ActionResult, IdempotencyKey, one},
};

pub struct QuartersApi(pub Deps);
pub struct OfficersApi(pub Deps);

/// Asked by every youth's phone: whoever is on the way may keep it this long.
const KEEP: &str = "public, max-age=5";

/// The same for everyone who asks for the same.
const KEEP_CHECK: &str = "public, max-age=60";

#[derive(ApiResponse)]
enum Checked {
    /// Whether it is the patrol's.
    #[oai(status = 200)]
    Said(Json<OfficerCheck>, #[oai(header = "Cache-Control")] String),
}

#[derive(ApiResponse)]
enum PublicOpening {
    /// Whether it is open, whether anybody is there, and when it opens next.
    #[oai(status = 200)]
    State(Json<OpeningState>, #[oai(header = "Cache-Control")] String),
}

#[OpenApi(prefix_path = "/api/v1/quarters", tag = "crate::app::Tag::Quarters")]
impl QuartersApi {
    /// Is anybody there
    ///
    /// Audience: anyone, from any page. Open by plan, staffed now, and the next opening: three facts apart. It names nobody.
    #[oai(path = "/opening", method = "get", operation_id = "get_opening")]
    async fn opening(&self) -> Answer<PublicOpening> {
        let state = service::opening(self.0.db.read(), self.0.clock.now()).await?;
        Ok(PublicOpening::State(Json(state), KEEP.to_owned()))
    }

    /// Read the hours
    ///
    /// Audience: lead. The plan that counts today and those to come, the days that are otherwise, and what was decided for
    /// now. Times of day are Swedish.
    #[oai(path = "/hours", method = "get", operation_id = "get_opening_hours")]
    async fn hours(&self, _caller: Lead) -> Answer<Json<OpeningHours>> {
        Ok(Json(service::opening_hours(&self.0).await?))
    }

    /// Replace the usual week
    ///
    /// Audience: lead. From a day on, today or later. Again, it changes nothing.
    #[oai(path = "/hours", method = "put", operation_id = "set_opening_plan")]
    async fn set_plan(&self, caller: Lead, command: Json<WeekPlan>) -> Answer<Json<OpeningHours>> {
        Ok(Json(service::set_plan(&self.0, &caller.0.who, command.0).await?))
    }

    /// Set the hours of one day
    ///
    /// Audience: lead. Other hours, closed, or again as in a usual week.
    #[oai(path = "/hours/exceptions", method = "put", operation_id = "set_opening_exception")]
    async fn set_exception(&self, caller: Lead, command: Json<DayException>) -> Answer<Json<OpeningHours>> {
        Ok(Json(service::set_exception(&self.0, &caller.0.who, command.0).await?))
    }

    /// Close or extend for now
    ///
    /// Audience: lead. Whatever is planned, until a moment; or again as planned.
    #[oai(path = "/hours/now", method = "put", operation_id = "set_opening_now")]
    async fn set_for_now(&self, caller: Lead, command: Json<SetForNow>) -> Answer<Json<OpeningHours>> {
        Ok(Json(service::set_for_now(&self.0, &caller.0.who, command.0).await?))
    }

    /// List quarters
    ///
    /// Audience: officer. Where the patrol walks.
    #[oai(path = "/", method = "get", operation_id = "list_quarters")]
    async fn list(&self, _caller: Officer) -> Answer<Json<QuarterList>> {
        Ok(Json(service::quarters(&self.0).await?))
    }

    /// Make or change a quarter
    ///
    /// Audience: lead. Refused when it has changed since `expected_revision`; the same again changes nothing.
    #[oai(path = "/:quarter_id", method = "put", operation_id = "put_quarter")]
    async fn put(&self, caller: Lead, quarter_id: Path<QuarterId>, command: Json<PutQuarter>) -> Answer<Json<Quarter>> {
        Ok(Json(service::put_quarter(&self.0, &caller.0.who, quarter_id.0, command.0).await?))
    }

    /// List shifts
    ///
    /// Audience: officer. Who is out now, and whether each counts as there; if not, why. An app with a shift asks for
    /// something at least every two minutes: whatever an officer asks for says that she is there.
    #[oai(path = "/shifts", method = "get", operation_id = "list_shifts")]
    async fn shifts(&self, caller: Officer) -> Answer<Json<Shifts>> {
        Ok(Json(service::shifts(&self.0, &caller.0.who).await?))
    }

    /// Start a shift
    ///
    /// Audience: officer. A real test alarm goes to the phone at once; until it is answered the officer is not counted. One
    /// that still runs ends. The same as the action `shift-start`.
    #[oai(path = "/shifts", method = "post", operation_id = "start_shift")]
    async fn start(
        &self,
        caller: Officer,
        /// The action's id; the same key again gives the same answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<IdempotencyKey>,
        received: Data<&Received>,
        _command: Json<StartShift>,
    ) -> Answer<Json<ActionResult>> {
        Ok(Json(one(&self.0, &caller.0, key.0, "shift-start", received.0, None).await?))
    }

    /// Answer the test alarm
    ///
    /// Audience: officer, of her own shift, with what came with the push. The same as the action `shift-answer-alarm`.
    #[oai(path = "/shifts/:shift_id/alarm-answer", method = "post", operation_id = "answer_test_alarm")]
    async fn answer(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        shift_id: Path<ShiftId>,
        received: Data<&Received>,
        _command: Json<AlarmProof>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("shift_id", shift_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "shift-answer-alarm", received.0, path).await?))
    }

    /// Ask for another test alarm
    ///
    /// Audience: officer, of her own shift: on this phone or another one. The same as the action `shift-ask-alarm`.
    #[oai(path = "/shifts/:shift_id/test-alarm", method = "post", operation_id = "ask_test_alarm")]
    async fn ask_alarm(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        shift_id: Path<ShiftId>,
        received: Data<&Received>,
        _command: Json<AlarmPhone>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("shift_id", shift_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "shift-ask-alarm", received.0, path).await?))
    }

    /// End a shift
    ///
    /// Audience: officer, her own. The same as the action `shift-end`.
    #[oai(path = "/shifts/:shift_id/end", method = "post", operation_id = "end_shift")]
    async fn end(
        &self,
        caller: Officer,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        shift_id: Path<ShiftId>,
        received: Data<&Received>,
    ) -> Answer<Json<ActionResult>> {
        let path = Some(("shift_id", shift_id.0.0));
        Ok(Json(one(&self.0, &caller.0, key.0, "shift-end", received.0, path).await?))
    }
}

#[OpenApi(prefix_path = "/api/v1/officers", tag = "crate::app::Tag::Quarters")]
impl OfficersApi {
    /// Who is it
    ///
    /// Audience: anyone. Whether an officer bears exactly this public number, or the patrol has exactly this account on this
    /// platform: one of the two. It lists nobody and gives no name. A number proves nothing by itself, since anyone can write
    /// one: whoever wants to be sure comes in by the app's own address.
    #[oai(path = "/check", method = "get", operation_id = "check_officer")]
    async fn check(
        &self,
        /// As it is said, "07".
        #[oai(validator(max_length = 100))]
        number: Query<Option<String>>,
        #[oai(validator(max_length = 100))] platform: Query<Option<String>>,
        #[oai(validator(max_length = 100))] account: Query<Option<String>>,
    ) -> Answer<Checked> {
        let asked = match (&number.0, &platform.0, &account.0) {
            (Some(number), None, None) => Asked::Number(number),
            (None, Some(platform), Some(account)) => Asked::Account { platform, account },
            _ => return Err(Refusal::of(Kind::Malformed).detail("a number, or a platform and an account").into()),
        };
        Ok(Checked::Said(Json(service::check(self.0.db.read(), asked).await?), KEEP_CHECK.to_owned()))
    }
}
