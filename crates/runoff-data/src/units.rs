//! Numbers with units, scaled for people.

/// Time in nanoseconds as text with three significant digits: `1.42 ms`.
pub fn time(ns: f64) -> String {
    if !ns.is_finite() {
        return digits(ns);
    }
    let (value, unit) = scale_time(ns);
    format!("{} {unit}", digits(value))
}

/// The unit a time is shown in, and the nanoseconds it stands for.
pub fn time_unit(ns: f64) -> (&'static str, f64) {
    match ns.abs() {
        x if x < 1e3 => ("ns", 1.0),
        x if x < 1e6 => ("µs", 1e3),
        x if x < 1e9 => ("ms", 1e6),
        x if x < 600e9 => ("s", 1e9),
        x if x < 36_000e9 => ("min", 60e9),
        _ => ("h", 3600e9),
    }
}

fn scale_time(ns: f64) -> (f64, &'static str) {
    let (unit, factor) = time_unit(ns);
    (ns / factor, unit)
}

/// Three significant digits, without exponent.
pub fn digits(value: f64) -> String {
    match value.abs() {
        x if !x.is_finite() => "–".into(),
        x if x >= 99.95 => format!("{value:.0}"),
        x if x >= 9.995 => format!("{value:.1}"),
        x if x >= 0.9995 || x == 0.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// Bytes as text: `13.9 KiB`.
pub fn bytes(n: u64) -> String {
    let mut value = n as f64;
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if value < 1024.0 {
            return if unit == "B" { format!("{n} B") } else { format!("{} {unit}", digits(value)) };
        }
        value /= 1024.0;
    }
    format!("{} TiB", digits(value))
}

/// A count as text: `1`, `1.5 k`, `2 million`.
pub fn count(n: f64) -> String {
    let trim = |text: String| {
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    };
    match n {
        x if !x.is_finite() => digits(x),
        x if x < 1e4 => format!("{x:.0}"),
        x if x < 1e6 => format!("{} thousand", trim(digits(x / 1e3))),
        x if x < 1e9 => format!("{} million", trim(digits(x / 1e6))),
        x => format!("{} billion", trim(digits(x / 1e9))),
    }
}

/// A moment, seconds since 1970 UTC, as `2026-03-01 14:05 UTC`.
pub fn moment(unix: u64) -> String {
    // Days to a date by eras of 400 years of the Gregorian calendar that begin on 1 March.
    let (days, seconds) = ((unix / 86_400).min(3_000_000) + 719_468, unix % 86_400);
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = era * 400 + year + next;
    format!("{year}-{month:02}-{date:02} {:02}:{:02} UTC", seconds / 3600, seconds / 60 % 60)
}

/// Reads a size as users write it: `512`, `64K`, `64KiB`, `1.5M`, `2GiB` (powers of 1024).
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    let trimmed = text.trim();
    let split = trimmed.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(split);
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" | "kib" => 1024.0,
        "m" | "mb" | "mib" => 1024.0 * 1024.0,
        "g" | "gb" | "gib" => 1024.0 * 1024.0 * 1024.0,
        "t" | "tb" | "tib" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return Err(format!("`{text}` is not a size; write for example 64K, 512MiB or 2G")),
    };
    match number.trim().parse::<f64>() {
        Ok(n) if n.is_finite() && n >= 0.0 && n * factor < u64::MAX as f64 => Ok((n * factor) as u64),
        _ => Err(format!("`{text}` is not a size; write for example 64K, 512MiB or 2G")),
    }
}

/// Reads a duration as users write it: `90`, `1.5s`, `200ms`, `2m`, `1h`; seconds.
pub fn parse_seconds(text: &str) -> Result<f64, String> {
    let trimmed = text.trim();
    let split = trimmed.find(|c: char| c.is_alphabetic()).unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(split);
    let factor = match unit {
        "" | "s" => 1.0,
        "ns" => 1e-9,
        "us" | "µs" => 1e-6,
        "ms" => 1e-3,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(format!("`{text}` is not a duration; write for example 500ms, 30s or 2m")),
    };
    match number.trim().parse::<f64>() {
        // A year is more than anyone waits, and keeps sums finite.
        Ok(n) if n * factor > 0.0 && n * factor < 3.2e7 => Ok(n * factor),
        _ => Err(format!("`{text}` is not a duration; write for example 500ms, 30s or 2m")),
    }
}

/// Reads a share as users write it: `2%`, `0.02`. Without a per cent sign it must be below 1: `5` is more likely 5 %
/// than 500 %.
pub fn parse_share(text: &str) -> Result<f64, String> {
    let trimmed = text.trim();
    let (number, factor, limit) = trimmed.strip_suffix('%').map_or((trimmed, 1.0, 1.0), |n| (n, 0.01, 10.0));
    match number.trim().parse::<f64>() {
        Ok(n) if n >= 0.0 && n * factor < limit => Ok(n * factor),
        _ => Err(format!("`{text}` is not a share; write for example 2% or 0.02")),
    }
}

/// Reads a count as users write it: `50`, `1e6`, `10k`, `1M`.
pub fn parse_count(text: &str) -> Result<u64, String> {
    let trimmed = text.trim().replace('_', "");
    let (number, factor) = match trimmed.strip_suffix(['k', 'K']) {
        Some(n) => (n, 1e3),
        None => trimmed.strip_suffix('M').map_or((trimmed.as_str(), 1.0), |n| (n, 1e6)),
    };
    match number.parse::<f64>() {
        Ok(n) if n * factor >= 1.0 && n * factor <= 1e15 && (n * factor).fract() == 0.0 => {
            Ok((n * factor) as u64)
        }
        _ => Err(format!("`{text}` is not a whole number from 1 on; write for example 50, 10k or 1e6")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_digits_and_a_unit() {
        assert_eq!(time(0.95), "0.950 ns");
        assert_eq!(time(1_420_000.0), "1.42 ms");
        assert_eq!(time(57.3e9), "57.3 s");
    }

    #[test]
    fn moments_are_dates() {
        assert_eq!(moment(0), "1970-01-01 00:00 UTC");
        assert_eq!(moment(951_782_400), "2000-02-29 00:00 UTC");
        assert_eq!(moment(1_772_373_900), "2026-03-01 14:05 UTC");
        assert_eq!(moment(4_107_542_399), "2100-02-28 23:59 UTC");
        assert!(moment(u64::MAX).ends_with("UTC"));
    }

    #[test]
    fn sizes_durations_shares_and_counts_are_read() {
        assert_eq!(parse_bytes("64K"), Ok(65_536));
        assert_eq!(parse_bytes("1.5GiB"), Ok(1_610_612_736));
        assert!(parse_bytes("many").is_err() && parse_bytes("-1").is_err() && parse_bytes("1e400").is_err());
        assert_eq!(parse_seconds("200ms"), Ok(0.2));
        assert!(parse_seconds("0").is_err() && parse_seconds("soon").is_err());
        assert_eq!(parse_share("2%"), Ok(0.02));
        assert_eq!(parse_count("1e6"), Ok(1_000_000));
        assert!(parse_count("0").is_err() && parse_count("1.5").is_err() && parse_count("-3").is_err());
    }
}
