//! Classification of generated digits by LeNet-5, with weights that were trained on other generated digits.

mod digits;
mod layers;
mod network;
#[cfg(any(test, feature = "train"))]
mod train;
mod weights;

pub use digits::{SIDE, digit};
pub use network::Network;
#[cfg(any(test, feature = "train"))]
pub use train::train;

use runoff_guest_program::{Io, say};

use crate::common::{Digest, number, refuse};

/// First number of the digits that are classified; the trainer uses smaller ones.
pub const HELD_OUT: u64 = 1 << 40;

/// The trained weights, as [`Network::to_bytes`] writes them.
static WEIGHTS: &[u8] = include_bytes!("weights.bin");

/// The trained network.
pub fn trained() -> Option<Network> {
    Network::from_bytes(WEIGHTS)
}

/// The command.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let count = match args {
        [count] => number(count, 1..=1_000_000),
        _ => Err("argument: number of digits".to_owned()),
    };
    let count = match count {
        Ok(count) => count,
        Err(message) => return refuse(io, &message),
    };
    let Some(network) = trained() else { return refuse(io, "the weights do not fit the network") };
    let (images, labels): (Vec<_>, Vec<_>) = (0..count as u64).map(|i| digit(HELD_OUT + i)).unzip();
    io.start();
    let classes = classify(&network, &images);
    io.end();
    let right = classes.iter().zip(&labels).filter(|(class, label)| class == label).count();
    let digest = Digest::new().bytes(&classes).hex();
    i32::from(!say!(io, "{count} digits {digest}\nright {right}\n"))
}

/// The class of each image.
#[inline(never)]
pub fn classify(network: &Network, images: &[[u8; SIDE * SIDE]]) -> Vec<u8> {
    images.iter().map(|image| network.classify(image)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearly_all_unseen_digits_are_recognised() {
        let (images, labels): (Vec<_>, Vec<_>) = (0..2000).map(|i| digit(HELD_OUT + i)).unzip();
        let classes = classify(&trained().unwrap(), &images);
        let right = classes.iter().zip(&labels).filter(|(class, label)| class == label).count();
        assert!(right >= 1940, "{right} of 2000 are right: 97 % are expected");
        let different: std::collections::BTreeSet<u8> = labels.into_iter().collect();
        assert_eq!(different.len(), 10, "digits are of all classes");
    }

    #[test]
    fn weights_are_read_as_they_were_written() {
        let network = trained().unwrap();
        assert!(network.to_bytes() == WEIGHTS);
        assert!(Network::from_bytes(&WEIGHTS[1..]).is_none());
        assert_eq!(network.parameters(), 51_902);
    }
}
