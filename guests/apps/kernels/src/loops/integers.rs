//! Loops over integers.

use super::Arrays;

/// Numbers in a row.
pub(super) fn fill(arrays: &mut Arrays, round: i32) {
    for (i, a) in arrays.a.iter_mut().enumerate() {
        *a = i as i32 ^ round;
    }
}

/// Element by element.
pub(super) fn add(arrays: &mut Arrays, round: i32) {
    for ((c, a), b) in arrays.c.iter_mut().zip(&arrays.a).zip(&arrays.b) {
        *c = a.wrapping_add(*b).wrapping_add(round);
    }
}

/// Reads ahead of where it writes, at two distances.
pub(super) fn shifted(arrays: &mut Arrays, round: i32) {
    let n = arrays.a.len() - 3;
    for i in 0..n {
        arrays.c[i] = arrays.a[i + 1].wrapping_sub(arrays.b[i + 3]) ^ round;
    }
}

/// Logic on words.
pub(super) fn masked(arrays: &mut Arrays, round: i32) {
    for (b, c) in arrays.b.iter_mut().zip(&arrays.c) {
        *b = (*b & 0x3fff) | ((c ^ round) & 0xf);
    }
}

/// One condition, one value of two.
pub(super) fn clamp(arrays: &mut Arrays, round: i32) {
    let limit = 5000 + (round & 1023);
    for (c, b) in arrays.c.iter_mut().zip(&arrays.b) {
        *c = if *b > limit { limit } else { *b };
    }
}

/// Two conditions; most elements stay as they are.
pub(super) fn select(arrays: &mut Arrays, round: i32) {
    for ((c, a), b) in arrays.c.iter_mut().zip(&arrays.a).zip(&arrays.b) {
        if *a < *b && *c > 100 {
            *c = (*c ^ round) & 0x7fff;
        }
    }
}

/// From 16 bits to 32.
pub(super) fn widen(arrays: &mut Arrays, round: i32) {
    for (c, half) in arrays.c.iter_mut().zip(&arrays.half) {
        *c = (i32::from(*half) << 7) + round;
    }
}

/// From 32 bits to 8, at the ends instead of beyond.
pub(super) fn narrow(arrays: &mut Arrays, round: i32) {
    for (byte, b) in arrays.bytes.iter_mut().zip(&arrays.b) {
        *byte = ((*b >> 4) - (round & 63)).clamp(0, 255) as u8;
    }
}

/// Sum of absolute differences.
pub(super) fn differences(arrays: &mut Arrays, round: i32) {
    let sum = arrays.a.iter().zip(&arrays.b).map(|(a, b)| i64::from(a.abs_diff(*b))).sum::<i64>();
    arrays.totals[0] = arrays.totals[0].wrapping_add(sum ^ i64::from(round));
}

/// Dot product, modulo 2³².
pub(super) fn dot(arrays: &mut Arrays, round: i32) {
    let products = arrays.a.iter().zip(&arrays.b).map(|(a, b)| a.wrapping_mul(*b));
    arrays.totals[1] = i64::from(products.fold(round, i32::wrapping_add));
}

/// The largest element and the first place where it is.
pub(super) fn largest(arrays: &mut Arrays, round: i32) {
    let (mut best, mut place) = (i32::MIN, 0);
    for (i, b) in arrays.b.iter().enumerate() {
        let value = b ^ (round & 0xff);
        if value > best {
            (best, place) = (value, i as i64);
        }
    }
    arrays.totals[2] = arrays.totals[2].wrapping_add(i64::from(best));
    arrays.totals[3] = arrays.totals[3].wrapping_add(place);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Arrays {
        let mut arrays = Arrays::new(100);
        arrays.a = (0..100).collect();
        arrays.b = (0..100).map(|i| 2 * i).collect();
        arrays.c = vec![7; 100];
        arrays
    }

    #[test]
    fn sums_have_their_closed_forms() {
        let mut arrays = known();
        differences(&mut arrays, 0);
        assert_eq!(arrays.totals[0], 99 * 100 / 2);
        dot(&mut arrays, 0);
        assert_eq!(arrays.totals[1], 2 * (99 * 100 * 199 / 6));
        largest(&mut arrays, 0);
        assert_eq!(arrays.totals[2..], [198, 99]);
    }

    #[test]
    fn elements_are_what_the_formula_says() {
        let mut arrays = known();
        add(&mut arrays, 5);
        assert!(arrays.c.iter().zip(0..).all(|(c, i)| *c == 3 * i + 5));
        shifted(&mut arrays, 0);
        assert!(arrays.c[..97].iter().zip(0..).all(|(c, i)| *c == i + 1 - 2 * (i + 3)));
        clamp(&mut Arrays { b: vec![4000, 6000], ..known() }, 0);
        let mut arrays = Arrays { b: vec![4000, 6000], ..known() };
        clamp(&mut arrays, 10);
        assert_eq!(arrays.c[..2], [4000, 5010]);
        let mut arrays = Arrays { b: vec![-100, 160, 100_000], ..known() };
        narrow(&mut arrays, 1);
        assert_eq!(arrays.bytes[..3], [0, 9, 255]);
        let mut arrays = Arrays { half: vec![-3, 5], ..known() };
        widen(&mut arrays, 1);
        assert_eq!(arrays.c[..2], [-383, 641]);
    }

    #[test]
    fn conditions_are_both_needed() {
        let mut arrays =
            Arrays { a: vec![1, 2, 1], b: vec![2, 1, 2], c: vec![200, 200, 50], ..Arrays::new(16) };
        select(&mut arrays, 1);
        assert_eq!(arrays.c, [201, 200, 50]);
    }
}
