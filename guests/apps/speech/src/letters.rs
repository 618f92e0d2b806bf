//! From letters to sounds, by rules and a few exceptions.

use crate::phones::Phone::{
    self, AA, AE, AH, AO, AW, AY, B, CH, D, DH, EH, ER, EY, F, G, HH, IH, IY, JH, K, L, M, N, NG, OW, OY, P,
    R, S, SH, T, TH, UH, UW, V, W, Y, Z, ZH,
};

/// A word and the pause after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Its sounds.
    pub(crate) phones: Vec<Phone>,
    /// In ms.
    pub(crate) pause: u32,
    /// The sentence ends here.
    pub(crate) last: bool,
}

/// The words of a text; what is neither letter nor punctuation separates words.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Word> {
    text.split_inclusive([' ', '\n']).filter_map(|piece| {
        let word: String = piece.chars().filter(char::is_ascii_alphabetic).collect();
        let mark = piece.trim_end().chars().next_back();
        let (pause, last) = match mark {
            Some('.' | '?' | '!') => (400, true),
            Some(',' | ';' | ':') => (200, false),
            _ => (0, false),
        };
        (!word.is_empty()).then(|| Word { phones: sounds(&word.to_ascii_lowercase()), pause, last })
    })
}

/// The sounds of a word in small letters.
fn sounds(word: &str) -> Vec<Phone> {
    if let Some((_, phones)) = EXCEPTIONS.iter().find(|(w, _)| *w == word) {
        return phones.to_vec();
    }
    let mut phones = Vec::new();
    let mut at = 0;
    while at < word.len() {
        let rule = RULES.iter().find(|(letters, when, _)| {
            word[at..].starts_with(letters) && holds(*when, &word[..at], &word[at + letters.len()..])
        });
        // Each letter has a rule without a condition, so there is always one.
        let Some((letters, _, sounds)) = rule else { break };
        phones.extend_from_slice(sounds);
        at += letters.len();
        // A doubled consonant is spoken once.
        let bytes = word.as_bytes();
        if letters.len() == 1 && bytes.get(at) == Some(&bytes[at - 1]) && !is_vowel(bytes[at]) {
            at += 1;
        }
    }
    phones
}

/// Where a rule applies.
#[derive(Clone, Copy)]
enum When {
    Always,
    /// At the beginning of a word.
    First,
    /// At the end, or before a plural's s there.
    Last,
    /// At the end, after another vowel's syllable.
    Silent,
    /// Before e, i and y.
    Soft,
    /// Before one consonant and an e at the end: the vowel says its name.
    Name,
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

fn holds(when: When, before: &str, after: &str) -> bool {
    let last = after.is_empty() || after == "s";
    match (when, after.as_bytes()) {
        (When::Always, _) => true,
        (When::First, _) => before.is_empty(),
        (When::Last, _) => last,
        (When::Silent, _) => last && before.bytes().any(is_vowel),
        (When::Soft, [next, ..]) => matches!(next, b'e' | b'i' | b'y'),
        (When::Name, [consonant, b'e'] | [consonant, b'e', b's' | b'd']) => {
            !is_vowel(*consonant) && !matches!(consonant, b'w' | b'x')
        }
        _ => false,
    }
}

use When::{Always, First, Last, Name, Silent, Soft};

type Rule = (&'static str, When, &'static [Phone]);

/// Tried in this order, at each place of a word.
#[rustfmt::skip]
const RULES: &[Rule] = &[
    ("augh", Always, &[AO]), ("alk", Always, &[AO, K]), ("all", Always, &[AO, L]), ("air", Always, &[EH, R]),
    ("are", Last, &[EH, R]), ("ar", Always, &[AA, R]), ("ai", Always, &[EY]), ("ay", Always, &[EY]),
    ("au", Always, &[AO]), ("aw", Always, &[AO]), ("able", Last, &[EY, B, AH, L]), ("a", Name, &[EY]),
    ("a", Last, &[AH]), ("a", Always, &[AE]),
    ("b", Always, &[B]),
    ("ch", Always, &[CH]), ("ck", Always, &[K]), ("c", Soft, &[S]), ("c", Always, &[K]),
    ("dge", Always, &[JH]), ("d", Always, &[D]),
    ("eigh", Always, &[EY]), ("ear", Always, &[IH, R]), ("ea", Always, &[IY]), ("eer", Always, &[IH, R]),
    ("ee", Always, &[IY]), ("ew", Always, &[UW]), ("ey", Last, &[IY]), ("ere", Last, &[IH, R]),
    ("er", Always, &[ER]), ("e", Silent, &[]), ("e", Last, &[IY]), ("e", Name, &[IY]), ("e", Always, &[EH]),
    ("f", Always, &[F]),
    ("gh", First, &[G]), ("gh", Always, &[]), ("ge", Last, &[JH]), ("g", Always, &[G]),
    ("h", Always, &[HH]),
    ("igh", Always, &[AY]), ("ing", Always, &[IH, NG]), ("ind", Last, &[AY, N, D]), ("ild", Last, &[AY, L, D]),
    ("ir", Always, &[ER]), ("ie", Last, &[AY]), ("ie", Always, &[IY]), ("i", Name, &[AY]), ("i", Last, &[AY]),
    ("i", Always, &[IH]),
    ("j", Always, &[JH]),
    ("kn", First, &[N]), ("k", Always, &[K]),
    ("le", Silent, &[AH, L]), ("l", Always, &[L]),
    ("m", Always, &[M]),
    ("ng", Last, &[NG]), ("nk", Always, &[NG, K]), ("n", Always, &[N]),
    ("ough", Always, &[AO]), ("ould", Always, &[UH, D]), ("oor", Always, &[AO, R]), ("ook", Always, &[UH, K]),
    ("oo", Always, &[UW]), ("oi", Always, &[OY]), ("oy", Always, &[OY]), ("oa", Always, &[OW]),
    ("our", Always, &[AO, R]), ("ou", Always, &[AW]), ("ow", Last, &[OW]), ("ow", Always, &[AW]),
    ("old", Always, &[OW, L, D]), ("or", Always, &[AO, R]), ("o", Name, &[OW]), ("o", Last, &[OW]),
    ("o", Always, &[AA]),
    ("ph", Always, &[F]), ("p", Always, &[P]),
    ("qu", Always, &[K, W]), ("q", Always, &[K]),
    ("r", Always, &[R]),
    ("sh", Always, &[SH]), ("stion", Always, &[S, CH, AH, N]), ("sion", Last, &[ZH, AH, N]), ("sure", Last, &[ZH, ER]), ("s", Always, &[S]),
    ("tion", Always, &[SH, AH, N]), ("tch", Always, &[CH]), ("ture", Last, &[CH, ER]), ("th", Always, &[TH]),
    ("t", Always, &[T]),
    ("ur", Always, &[ER]), ("u", Name, &[UW]), ("u", Last, &[UW]), ("u", Always, &[AH]),
    ("v", Always, &[V]),
    ("wh", Always, &[W]), ("wr", First, &[R]), ("w", Always, &[W]),
    ("x", Always, &[K, S]),
    ("y", First, &[Y]), ("y", Name, &[AY]), ("y", Silent, &[IY]), ("y", Last, &[AY]), ("y", Always, &[IH]),
    ("z", Always, &[Z]),
];

/// Frequent words that no rule would get right.
#[rustfmt::skip]
const EXCEPTIONS: &[(&str, &[Phone])] = &[
    ("a", &[AH]), ("are", &[AA, R]), ("as", &[AE, Z]), ("be", &[B, IY]), ("been", &[B, IH, N]),
    ("by", &[B, AY]), ("come", &[K, AH, M]), ("could", &[K, UH, D]), ("do", &[D, UW]), ("does", &[D, AH, Z]),
    ("every", &[EH, V, R, IY]), ("from", &[F, R, AH, M]), ("give", &[G, IH, V]), ("great", &[G, R, EY, T]),
    ("has", &[HH, AE, Z]), ("have", &[HH, AE, V]), ("he", &[HH, IY]), ("his", &[HH, IH, Z]), ("is", &[IH, Z]),
    ("live", &[L, IH, V]), ("many", &[M, EH, N, IY]), ("most", &[M, OW, S, T]), ("mother", &[M, AH, DH, ER]),
    ("of", &[AH, V]), ("one", &[W, AH, N]), ("or", &[AO, R]), ("other", &[AH, DH, ER]),
    ("people", &[P, IY, P, AH, L]), ("said", &[S, EH, D]), ("says", &[S, EH, Z]), ("she", &[SH, IY]),
    ("some", &[S, AH, M]), ("that", &[DH, AE, T]), ("the", &[DH, AH]), ("their", &[DH, EH, R]),
    ("them", &[DH, EH, M]), ("then", &[DH, EH, N]), ("there", &[DH, EH, R]), ("these", &[DH, IY, Z]),
    ("they", &[DH, EY]), ("this", &[DH, IH, S]), ("those", &[DH, OW, Z]), ("to", &[T, UW]), ("two", &[T, UW]),
    ("was", &[W, AH, Z]), ("water", &[W, AO, T, ER]), ("we", &[W, IY]), ("were", &[W, ER]), ("what", &[W, AH, T]),
    ("where", &[W, EH, R]), ("who", &[HH, UW]), ("with", &[W, IH, DH]), ("word", &[W, ER, D]),
    ("work", &[W, ER, K]), ("world", &[W ,ER, L, D]), ("you", &[Y, UW]), ("your", &[Y, AO, R]),
];
