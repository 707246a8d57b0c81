use entities::words::{AgeBand, ForNow, QuarterKind, QuarterStatus, ShiftId, Weekday};
use poem_openapi::types::Example;
use uuid::uuid;

use super::model::*;
use crate::http::story::*;

const SHIFT: ShiftId = ShiftId(uuid!("019ab2a8-5e42-7a94-9c03-6d1e8f0b2a75"));

const ACCESS: &str = "Vi frågade öppet i serverns kanal. Administratören gav kontot en egen roll.";
const RISKS: &str = "Röstkanalerna spelas in av boten.";

impl Example for StartShift {
    fn example() -> Self {
        Self { shift_id: SHIFT, device_id: PHONE, ends_at: after(4 * 3600), quarters: vec![QUARTER] }
    }
}

impl Example for AlarmProof {
    fn example() -> Self {
        Self { proof: text(&SECRET[..22]) }
    }
}

impl Example for AlarmPhone {
    fn example() -> Self {
        Self { device_id: PHONE }
    }
}

impl Example for Shift {
    fn example() -> Self {
        Self {
            shift_id: SHIFT,
            public_number: Some(OFFICER.to_owned()),
            mine: true,
            revision: 2,
            started_at: after(-3600),
            ends_at: after(4 * 3600),
            quarters: vec![QUARTER],
            device_id: Some(PHONE),
            alarm_asked_at: after(-3600),
            alarm_answered_at: Some(after(-3590)),
            heard_at: after(0),
            counted: true,
            troubles: Vec::new(),
        }
    }
}

impl Example for Shifts {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}

impl Example for OpeningState {
    fn example() -> Self {
        Self {
            open: true,
            open_until: Some(after(2760)),
            staffed: true,
            next_opening: Some(after(67_560)),
            server_time: after(0),
        }
    }
}

impl Example for PutQuarter {
    fn example() -> Self {
        Self {
            expected_revision: 0,
            name: text("Spelkvällen"),
            platform: text("Discord"),
            account: Some(text("natpolis")),
            address: Some(text("https://discord.example/spelkvallen")),
            kind: Some(QuarterKind::AllDigital),
            municipality: Some(text("2482")),
            language: Some(text("sv")),
            ages: vec![AgeBand::From13, AgeBand::From16],
            access: Some(text(ACCESS)),
            risks: Some(text(RISKS)),
            status: Some(QuarterStatus::Active),
        }
    }
}

impl Example for Quarter {
    fn example() -> Self {
        Self {
            quarter_id: QUARTER,
            name: "Spelkvällen".to_owned(),
            platform: "Discord".to_owned(),
            account: Some("natpolis".to_owned()),
            address: Some("https://discord.example/spelkvallen".to_owned()),
            kind: Some(QuarterKind::AllDigital),
            municipality: Some("2482".to_owned()),
            language: Some("sv".to_owned()),
            ages: vec![AgeBand::From13, AgeBand::From16],
            access: Some(ACCESS.to_owned()),
            risks: Some(RISKS.to_owned()),
            damaged: false,
            status: QuarterStatus::Active,
            wishes: Wishes { wished: 2, answered: 1, support: 34 },
            revision: 1,
        }
    }
}

impl Example for QuarterName {
    fn example() -> Self {
        let Quarter { quarter_id, name, platform, .. } = Quarter::example();
        Self { quarter_id, name, platform }
    }
}

impl Example for OfficerCheck {
    fn example() -> Self {
        Self { known: true }
    }
}

impl Example for QuarterList {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}

impl Example for WeekPlan {
    fn example() -> Self {
        let interval = |weekday, closes| OpenInterval { weekday, opens: text("16:00"), closes: text(closes) };
        Self {
            valid_from: text("2026-12-01"),
            intervals: vec![interval(Weekday::Tuesday, "22:00"), interval(Weekday::Friday, "02:00")],
        }
    }
}

impl Example for DayException {
    fn example() -> Self {
        Self { day: text("2026-12-24"), spans: Some(vec![OpenSpan { opens: text("12:00"), closes: text("15:00") }]) }
    }
}

impl Example for SetForNow {
    fn example() -> Self {
        Self { state: ForNow::Closed, until: Some(after(3600)) }
    }
}

impl Example for OpeningHours {
    fn example() -> Self {
        Self { plans: vec![Example::example()], exceptions: vec![Example::example()], for_now: None }
    }
}
