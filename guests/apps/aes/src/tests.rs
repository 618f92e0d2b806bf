//! Against the vectors that NIST publishes.

use super::*;

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).expect("hex")).collect()
}

fn block(text: &str) -> [u8; 16] {
    hex(text).try_into().expect("a block")
}

/// FIPS 197, appendix C.3.
#[test]
fn one_block() {
    let key: [u8; 32] = core::array::from_fn(|i| u8::try_from(i).expect("small"));
    let mut data = hex("00112233445566778899aabbccddeeff");
    Cbc::new(&key, &[0; 16]).encrypt(&mut data);
    assert_eq!(data, hex("8ea2b7ca516745bfeafc49904b496089"));
    Cbc::new(&key, &[0; 16]).decrypt(&mut data);
    assert_eq!(data, hex("00112233445566778899aabbccddeeff"));
}

/// SP 800-38A, F.2.5 and F.2.6.
#[test]
fn a_chain() {
    let key: [u8; 32] =
        hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4").try_into().expect("32 bytes");
    let iv = block("000102030405060708090a0b0c0d0e0f");
    let plain = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51\
         30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
    let coded = hex("f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d\
         39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b");
    let mut data = plain.clone();
    let mut cipher = Cbc::new(&key, &iv);
    // The chain goes on between two calls.
    cipher.encrypt(&mut data[..16]);
    cipher.encrypt(&mut data[16..]);
    assert_eq!(data, coded);
    Cbc::new(&key, &iv).decrypt(&mut data);
    assert_eq!(data, plain);
}

#[test]
fn there_and_back_with_the_key_of_the_benchmark() {
    let plain = text(3, 4096);
    let mut data = plain.clone();
    Cbc::new(&KEY, &IV).encrypt(&mut data);
    assert_ne!(data, plain);
    Cbc::new(&KEY, &IV).decrypt(&mut data);
    assert_eq!(data, plain);
}
