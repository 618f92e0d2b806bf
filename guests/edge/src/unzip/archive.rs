//! The members of a ZIP archive, found through the directory at its end (APPNOTE 6.3, sections 4.3.7 to 4.3.16).

use super::Damaged;

/// A member as it lies in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// Its name.
    pub name: String,
    /// How it is packed: 0 not at all, 8 DEFLATE.
    pub method: u16,
    /// CRC-32 of what it unpacks to.
    pub crc: u32,
    /// Size of what it unpacks to, bytes.
    pub size: usize,
    /// What lies in the archive.
    pub packed: &'a [u8],
}

const DIRECTORY_END: &[u8] = b"PK\x05\x06";
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";
const LOCAL_HEADER: &[u8] = b"PK\x03\x04";

/// All members, in the order of the directory.
///
/// # Errors
///
/// Bytes that are no archive of one part, or parts of it that lie outside.
pub fn members(archive: &[u8]) -> Result<Vec<Member<'_>>, Damaged> {
    // A comment of up to 65535 bytes may follow the end of the directory, which has 22 itself.
    let earliest = archive.len().saturating_sub(22 + 65_535);
    let end = archive[earliest..].windows(22).rposition(|window| window.starts_with(DIRECTORY_END));
    let end = &archive[earliest + end.ok_or(Damaged("no ZIP archive: it has no directory"))?..];
    let (count, mut entry) = (u16_at(end, 10)?, at(archive, u32_at(end, 16)?)?);
    let mut members = Vec::new();
    for _ in 0..count {
        if !entry.starts_with(DIRECTORY_ENTRY) {
            return Err(Damaged("the archive's directory is damaged"));
        }
        let packed_size = usize_of(u32_at(entry, 20)?);
        let name = usize::from(u16_at(entry, 28)?);
        let rest = usize::from(u16_at(entry, 30)?) + usize::from(u16_at(entry, 32)?);
        let local = at(archive, u32_at(entry, 42)?)?;
        if !local.starts_with(LOCAL_HEADER) {
            return Err(Damaged("a member is not where the directory says"));
        }
        // Name and extra field may differ from those in the directory.
        let data = 30 + usize::from(u16_at(local, 26)?) + usize::from(u16_at(local, 28)?);
        members.push(Member {
            name: String::from_utf8_lossy(entry.get(46..46 + name).ok_or(SHORT)?).into_owned(),
            method: u16_at(entry, 10)?,
            crc: u32_at(entry, 16)?,
            size: usize_of(u32_at(entry, 24)?),
            packed: local.get(data..).and_then(|data| data.get(..packed_size)).ok_or(SHORT)?,
        });
        entry = entry.get(46 + name + rest..).ok_or(SHORT)?;
    }
    Ok(members)
}

const SHORT: Damaged = Damaged("the archive ends too early");

fn at(archive: &[u8], place: u32) -> Result<&[u8], Damaged> {
    archive.get(usize_of(place)..).ok_or(SHORT)
}

fn u16_at(bytes: &[u8], place: usize) -> Result<u16, Damaged> {
    let bytes = bytes.get(place..).and_then(<[u8]>::first_chunk).ok_or(SHORT)?;
    Ok(u16::from_le_bytes(*bytes))
}

fn u32_at(bytes: &[u8], place: usize) -> Result<u32, Damaged> {
    let bytes = bytes.get(place..).and_then(<[u8]>::first_chunk).ok_or(SHORT)?;
    Ok(u32::from_le_bytes(*bytes))
}

/// Pointers have 32 bits or more here.
fn usize_of(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
