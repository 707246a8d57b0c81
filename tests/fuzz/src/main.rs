//! One parser under libFuzzer: which one, the environment says.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use natpatrull::strangers::{PARSERS, Parser};

static PARSER: LazyLock<Parser> = LazyLock::new(|| {
    let wanted = std::env::var("PARSER").unwrap_or_default();
    let names = PARSERS.map(|(name, _)| name).join(", ");
    PARSERS.iter().find(|(name, _)| *name == wanted).unwrap_or_else(|| panic!("PARSER is one of {names}")).1
});

fuzz_target!(|bytes: &[u8]| PARSER(bytes));
