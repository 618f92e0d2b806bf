//! Text that repeats itself as prose does.

use crate::Random;

/// Words from the most to the least used.
const WORDS: &str = "the of and a to in is it that was for on are as with his they be at one have this from \
    or had by hot word but what some we can out other were all there when up use your how said an each she which \
    do their time if will way about many then them write would like so these her long make thing see him two has \
    look more day could go come did number sound no most people my over know water than call first who may down \
    side been now find any new work part take get place made live where after back little only round man year \
    came show every good me give our under name very through just form sentence great think say help low line \
    differ turn cause much mean before move right boy old too same tell does set three want air well also play \
    small end put home read hand port large spell add even land here must big high such follow act why ask men \
    change went light kind off need house picture try us again animal point mother world near build self earth \
    father head stand own page should country found answer school grow study still learn plant cover food sun \
    four between state keep eye never last let thought city tree cross farm hard start might story saw far sea \
    draw left late run while press close night real life few north open seem together next white children begin \
    got walk example ease paper group always music those both mark often letter until mile river car feet care \
    second book carry took science eat room friend began idea fish mountain stop once base hear horse cut sure \
    watch color face wood main enough plain girl usual young ready above ever red list though feel talk bird \
    soon body dog family direct pose leave song measure door product black short numeral class wind question \
    happen complete ship area half rock order fire south problem piece told knew pass since top whole king space";

/// This many bytes of text: words by a law like Zipf's, sentences, lines of at most 76 characters.
#[must_use]
pub fn text(seed: u64, bytes: usize) -> Vec<u8> {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut random = Random::new(seed);
    let mut out = Vec::with_capacity(bytes + 32);
    let (mut column, mut left) = (0, 0);
    while out.len() < bytes {
        let first = left == 0;
        if first {
            left = 4 + random.below(18);
        }
        left -= 1;
        let word = pick(&words, &mut random);
        let end = match (left, random.below(12)) {
            (0, 0) => "?",
            (0, _) => ".",
            (_, 0) => ",",
            _ => "",
        };
        if column > 0 && column + 1 + word.len() + end.len() > 76 {
            out.push(b'\n');
            column = 0;
        } else if column > 0 {
            out.push(b' ');
            column += 1;
        }
        let at = out.len();
        out.extend_from_slice(word.as_bytes());
        if first {
            out[at].make_ascii_uppercase();
        }
        out.extend_from_slice(end.as_bytes());
        column += word.len() + end.len();
    }
    out.truncate(bytes);
    out
}

/// Frequency falls as one over rank: rank is uniform in its logarithm, here in steps of a doubling.
fn pick<'a>(words: &[&'a str], random: &mut Random) -> &'a str {
    let octaves = words.len().ilog2() + 1;
    loop {
        let low = 1_u32 << random.below(octaves);
        let rank = (low + random.below(low) - 1) as usize;
        if let Some(word) = words.get(rank) {
            return word;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_lines_sentences_and_frequent_words() {
        let text = String::from_utf8(text(1, 100_000)).expect("ASCII");
        assert_eq!(text.len(), 100_000);
        assert!(text.lines().all(|line| line.len() <= 76));
        assert!(text.matches(". ").count() > 1000);
        let count = |word: &str| text.split(|c: char| !c.is_alphabetic()).filter(|w| *w == word).count();
        assert!(count("the") > 2 * count("and") && count("and") > 4 * count("sun") && count("sun") > 3);
    }
}
