//! The four northern counties and their 44 municipalities, with Statistics Sweden's codes.

pub struct CountyData {
    pub code: &'static str,
    pub name: &'static str,
    pub municipalities: &'static [(&'static str, &'static str)],
}

pub const COUNTIES: [CountyData; 4] = [
    CountyData {
        code: "25",
        name: "Norrbotten",
        municipalities: &[
            ("2505", "Arvidsjaur"),
            ("2506", "Arjeplog"),
            ("2510", "Jokkmokk"),
            ("2513", "Överkalix"),
            ("2514", "Kalix"),
            ("2518", "Övertorneå"),
            ("2521", "Pajala"),
            ("2523", "Gällivare"),
            ("2560", "Älvsbyn"),
            ("2580", "Luleå"),
            ("2581", "Piteå"),
            ("2582", "Boden"),
            ("2583", "Haparanda"),
            ("2584", "Kiruna"),
        ],
    },
    CountyData {
        code: "24",
        name: "Västerbotten",
        municipalities: &[
            ("2401", "Nordmaling"),
            ("2403", "Bjurholm"),
            ("2404", "Vindeln"),
            ("2409", "Robertsfors"),
            ("2417", "Norsjö"),
            ("2418", "Malå"),
            ("2421", "Storuman"),
            ("2422", "Sorsele"),
            ("2425", "Dorotea"),
            ("2460", "Vännäs"),
            ("2462", "Vilhelmina"),
            ("2463", "Åsele"),
            ("2480", "Umeå"),
            ("2481", "Lycksele"),
            ("2482", "Skellefteå"),
        ],
    },
    CountyData {
        code: "22",
        name: "Västernorrland",
        municipalities: &[
            ("2260", "Ånge"),
            ("2262", "Timrå"),
            ("2280", "Härnösand"),
            ("2281", "Sundsvall"),
            ("2282", "Kramfors"),
            ("2283", "Sollefteå"),
            ("2284", "Örnsköldsvik"),
        ],
    },
    CountyData {
        code: "23",
        name: "Jämtland",
        municipalities: &[
            ("2303", "Ragunda"),
            ("2305", "Bräcke"),
            ("2309", "Krokom"),
            ("2313", "Strömsund"),
            ("2321", "Åre"),
            ("2326", "Berg"),
            ("2361", "Härjedalen"),
            ("2380", "Östersund"),
        ],
    },
];

pub fn known_municipality(code: &str) -> bool {
    COUNTIES.iter().flat_map(|county| county.municipalities).any(|(known, _)| *known == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_municipality_of_the_north_is_there_once() {
        let counts = COUNTIES.each_ref().map(|county| county.municipalities.len());
        assert_eq!(counts, [14, 15, 7, 8]);
        let mut codes: Vec<_> =
            COUNTIES.iter().flat_map(|county| county.municipalities).map(|(code, _)| code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), 44);
        for county in &COUNTIES {
            assert!(county.municipalities.iter().all(|(code, _)| code.starts_with(county.code)));
        }
    }
}
