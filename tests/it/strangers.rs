//! What was found by feeding strangers' bytes to the parsers (`make fuzz`), given to them once more.

use std::{fs, path::Path};

use natpatrull::strangers::PARSERS;

#[test]
fn no_parser_falls_over_what_was_found() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, parser) in PARSERS {
        let folder =
            fs::read_dir(corpus.join(name)).unwrap_or_else(|error| panic!("nothing was found for {name}: {error}"));
        let mut given = 0;
        for file in folder {
            let path = file.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            let fell = std::panic::catch_unwind(|| parser(&bytes)).is_err();
            assert!(!fell, "{name} falls over {}", path.display());
            given += 1;
        }
        assert!(given >= 10, "{given} files are too few for {name}");
    }
}
