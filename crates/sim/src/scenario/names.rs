/// The spelling alphabet of ICAO and NATO, in lower case.
const ALPHABET: [&str; 26] = [
    "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett", "kilo", "lima",
    "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor", "whiskey", "xray",
    "yankee", "zulu",
];

/// The name of instance `index`: alpha, bravo, … zulu, alpha-2, bravo-2, …
pub fn instance_name(index: usize) -> String {
    let letter = ALPHABET[index % ALPHABET.len()];
    match index / ALPHABET.len() {
        0 => letter.to_owned(),
        round => format!("{letter}-{}", round + 1),
    }
}

/// The index of the instance called `name`, if there is one among `count`.
pub(super) fn instance_index(name: &str, count: usize) -> Option<usize> {
    let (letter, round) = match name.split_once('-') {
        None => (name, 1),
        Some((letter, round)) => (letter, round.parse::<usize>().ok().filter(|&round| round >= 2)?),
    };
    let place = ALPHABET.iter().position(|&candidate| candidate == letter)?;
    let index = (round - 1).checked_mul(ALPHABET.len())?.checked_add(place)?;
    // The comparison rejects spellings such as «alpha-02».
    (index < count && instance_name(index) == name).then_some(index)
}

/// Whether an instance of some service could be called so.
pub(super) fn is_instance_name(name: &str) -> bool {
    instance_index(name, usize::MAX).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_instance() {
        for index in 0..1_000 {
            assert_eq!(instance_index(&instance_name(index), 1_000), Some(index));
        }
    }

    #[test]
    fn a_name_of_no_instance_leads_nowhere() {
        for name in ["", "alfa", "echo", "alpha-1", "alpha-02", "alpha-", "-2", "alpha-99999999999999999999"] {
            assert_eq!(instance_index(name, 4), None, "{name}");
        }
    }
}
