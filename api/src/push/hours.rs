//! When it is safe to wake a device: a pure function, by the clock in Stockholm. Where a night of summer time makes a moment
//! doubtful, it counts as not safe.

use entities::{push_subscription, words::Timestamp};
use jiff::{
    civil::{Date, Time},
    tz::{AmbiguousTimestamp, TimeZone},
};

const ZONE: &str = "Europe/Stockholm";

/// A part of each day, in minutes after midnight. Its ends are never the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    from: i32,
    until: i32,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Door {
    Open { until: Timestamp },
    Shut { until: Timestamp },
}

impl Hours {
    /// From ten in the evening to seven.
    pub const NIGHT: Self = Self { from: 22 * 60, until: 7 * 60 };

    /// From `07:00` and `22:00`; nothing, if that is no time at all.
    pub fn read(from: &str, until: &str) -> Option<Self> {
        let minutes = |text: &str| {
            let (hours, minutes) = text.split_once(':')?;
            Some(hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?)
        };
        let (from, until) = (minutes(from)?, minutes(until)?);
        (from != until).then_some(Self { from, until })
    }

    /// When a device may be woken.
    pub fn of(row: &push_subscription::Model) -> Option<Self> {
        Some(Self { from: row.safe_from?, until: row.safe_until? })
    }

    /// When a device is left alone by what is not written to its owner.
    pub fn quiet(row: &push_subscription::Model) -> Option<Self> {
        Some(Self { from: row.quiet_from?, until: row.quiet_until? })
    }

    /// As the row keeps them.
    pub fn minutes(self) -> (i32, i32) {
        (self.from, self.until)
    }

    /// As people write them.
    pub fn words(self) -> (String, String) {
        let words = |minutes: i32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        (words(self.from), words(self.until))
    }

    pub fn at(self, now: Timestamp) -> Result<Door, jiff::Error> {
        let zone = TimeZone::get(ZONE)?;
        let mut day = zone.to_datetime(jiff::Timestamp::from_millisecond(now.millis())?).date().yesterday()?;
        loop {
            let next = day.tomorrow()?;
            let opens = millis(moment(&zone, day, self.from)?.later()?);
            let last = if self.until > self.from { day } else { next };
            let closes = millis(moment(&zone, last, self.until)?.earlier()?);
            // On a night of summer time there may be nothing between the two.
            if opens < closes && now < closes {
                return Ok(if opens <= now { Door::Open { until: closes } } else { Door::Shut { until: opens } });
            }
            day = next;
        }
    }
}

fn moment(zone: &TimeZone, day: Date, minutes: i32) -> Result<AmbiguousTimestamp, jiff::Error> {
    let part = |part: i32| i8::try_from(part).unwrap_or(0);
    let time = Time::new(part(minutes / 60), part(minutes % 60), 0, 0)?;
    Ok(zone.to_ambiguous_timestamp(day.to_datetime(time)))
}

fn millis(moment: jiff::Timestamp) -> Timestamp {
    Timestamp::from_millis(moment.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From, until, now, whether it is open, and until when; moments in UTC.
    const TABLE: &[(&str, &str, &str, bool, &str)] = &[
        // An ordinary winter day: Stockholm is an hour ahead.
        ("07:00", "22:00", "2026-11-29T12:00:00Z", true, "2026-11-29T21:00:00Z"),
        ("07:00", "22:00", "2026-11-29T20:59:59Z", true, "2026-11-29T21:00:00Z"),
        ("07:00", "22:00", "2026-11-29T21:00:00Z", false, "2026-11-30T06:00:00Z"),
        ("07:00", "22:00", "2026-11-30T05:59:59Z", false, "2026-11-30T06:00:00Z"),
        ("07:00", "22:00", "2026-11-30T06:00:00Z", true, "2026-11-30T21:00:00Z"),
        // In summer two.
        ("07:00", "22:00", "2026-07-01T20:00:00Z", false, "2026-07-02T05:00:00Z"),
        // Past midnight.
        ("20:00", "02:00", "2026-11-29T18:59:59Z", false, "2026-11-29T19:00:00Z"),
        ("20:00", "02:00", "2026-11-29T23:30:00Z", true, "2026-11-30T01:00:00Z"),
        ("20:00", "02:00", "2026-11-30T00:30:00Z", true, "2026-11-30T01:00:00Z"),
        ("20:00", "02:00", "2026-11-30T01:00:00Z", false, "2026-11-30T19:00:00Z"),
        ("20:00", "00:00", "2026-11-29T22:59:59Z", true, "2026-11-29T23:00:00Z"),
        ("20:00", "00:00", "2026-11-29T23:00:00Z", false, "2026-11-30T19:00:00Z"),
        ("00:00", "23:59", "2026-11-29T22:59:00Z", false, "2026-11-29T23:00:00Z"),
        // The night that lacks an hour, and the one that has an hour twice.
        ("07:00", "22:00", "2026-03-28T22:00:00Z", false, "2026-03-29T05:00:00Z"),
        ("07:00", "22:00", "2026-10-24T22:00:00Z", false, "2026-10-25T06:00:00Z"),
        ("22:00", "04:00", "2026-03-29T00:30:00Z", true, "2026-03-29T02:00:00Z"),
        ("22:00", "04:00", "2026-10-25T00:30:00Z", true, "2026-10-25T03:00:00Z"),
        // It opens in the hour that is missing: when that is over. It closes there: before.
        ("02:30", "08:00", "2026-03-29T00:59:00Z", false, "2026-03-29T01:30:00Z"),
        ("22:00", "02:30", "2026-03-29T00:29:59Z", true, "2026-03-29T00:30:00Z"),
        ("22:00", "02:30", "2026-03-29T00:30:00Z", false, "2026-03-29T20:00:00Z"),
        // In the hour that comes twice it opens the second time and closes the first.
        ("02:30", "08:00", "2026-10-25T00:45:00Z", false, "2026-10-25T01:30:00Z"),
        ("22:00", "02:30", "2026-10-25T00:30:00Z", false, "2026-10-25T21:00:00Z"),
        // A window that is wholly in the missing hour is left out that day.
        ("02:10", "02:50", "2026-03-29T00:30:00Z", false, "2026-03-30T00:10:00Z"),
    ];

    #[test]
    #[expect(clippy::unwrap_used, reason = "a test says what went wrong by ending")]
    fn a_device_is_woken_only_when_it_is_safe() {
        for (from, until, now, open, end) in TABLE {
            let (hours, end) = (Hours::read(from, until).unwrap(), end.parse().unwrap());
            let door = hours.at(now.parse().unwrap()).unwrap();
            let wanted = if *open { Door::Open { until: end } } else { Door::Shut { until: end } };
            assert_eq!(door, wanted, "{from} to {until} at {now}");
            assert_eq!(hours.words(), ((*from).to_owned(), (*until).to_owned()));
        }
        assert_eq!(Hours::read("07:00", "07:00"), None);
    }
}
