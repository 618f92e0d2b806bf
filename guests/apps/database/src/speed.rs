//! The tests.

use redb::backends::InMemoryBackend;
use redb::{
    Database, Error, MultimapTableDefinition, ReadableDatabase, ReadableMultimapTable, ReadableTable,
    ReadableTableMetadata, TableDefinition,
};
use runoff_guest_apps_inputs::Random;

/// Names of the tests, in the order in which they run.
pub const TESTS: [&str; 13] = [
    "insert-bulk",
    "insert-each",
    "get",
    "get-missing",
    "scan",
    "ranges",
    "index-build",
    "index-look",
    "update",
    "move",
    "snapshot",
    "delete",
    "delete-group",
];

/// Records by key: group, amount, name.
const RECORDS: TableDefinition<'_, u64, (u32, u64, &str)> = TableDefinition::new("records");

/// Keys by group.
const GROUPS: MultimapTableDefinition<'_, u32, u64> = MultimapTableDefinition::new("groups");

/// How many groups there are.
const GROUP_COUNT: u32 = 64;

/// Records in a small transaction.
const SMALL: u64 = 16;

/// Memory for pages; what does not fit is read again from the store.
const CACHE: usize = 8 << 20;

/// The key of the n-th record: spread, and different for all n below 2³².
fn key(n: u64) -> u64 {
    (n * 0x9e37_79b9) & 0xffff_ffff
}

fn group(key: u64) -> u32 {
    (key >> 7) as u32 % GROUP_COUNT
}

/// Runs all tests with that many records in all; gives the answer of each.
///
/// # Errors
/// What the database says when it does not do what it should.
pub fn run(records: u64) -> Result<[u64; TESTS.len()], Error> {
    let db = Database::builder().set_cache_size(CACHE).create_with_backend(InMemoryBackend::new())?;
    // Most are loaded at once, the others one small transaction after the other.
    let bulk = records - records / 8;
    Ok([
        insert(&db, 0..bulk)?,
        insert_each(&db, bulk, records)?,
        get(&db, records)?,
        get_missing(&db, records)?,
        scan(&db)?,
        ranges(&db, records)?,
        index_build(&db)?,
        index_look(&db)?,
        update(&db, records)?,
        move_groups(&db, records)?,
        snapshot(&db, records)?,
        delete(&db, records)?,
        delete_group(&db)?,
    ])
}

/// Inserts records in one transaction; gives how many there are then.
fn insert(db: &Database, records: std::ops::Range<u64>) -> Result<u64, Error> {
    let write = db.begin_write()?;
    let count = {
        let mut table = write.open_table(RECORDS)?;
        for n in records {
            let key = key(n);
            table.insert(key, (group(key), n, format!("record {n}").as_str()))?;
        }
        table.len()?
    };
    write.commit()?;
    Ok(count)
}

fn insert_each(db: &Database, from: u64, to: u64) -> Result<u64, Error> {
    let mut count = 0;
    let mut start = from;
    while start < to {
        let end = to.min(start + SMALL);
        count = insert(db, start..end)?;
        start = end;
    }
    Ok(count)
}

/// Looks up records by key in random order; the sum of their amounts and the lengths of their names.
fn get(db: &Database, records: u64) -> Result<u64, Error> {
    let table = db.begin_read()?.open_table(RECORDS)?;
    let mut random = Random::new(83);
    let mut sum = 0;
    for _ in 0..records {
        if let Some(record) = table.get(key(u64::from(random.below(records as u32))))? {
            let (_, amount, name) = record.value();
            sum += amount + name.len() as u64;
        }
    }
    Ok(sum)
}

/// Looks up keys that are larger than 32 bits, and keys that may or may not be there; how many are not.
fn get_missing(db: &Database, records: u64) -> Result<u64, Error> {
    let table = db.begin_read()?.open_table(RECORDS)?;
    let mut missing = 0;
    for n in 0..records {
        let wanted = if n % 2 == 0 { key(n) + (1 << 32) } else { key(2 * n) };
        missing += u64::from(table.get(wanted)?.is_none());
    }
    Ok(missing)
}

/// Goes through all records; the sum of amounts times groups.
fn scan(db: &Database) -> Result<u64, Error> {
    let table = db.begin_read()?.open_table(RECORDS)?;
    let mut sum = 0;
    for record in table.iter()? {
        let (_, record) = record?;
        let (group, amount, _) = record.value();
        sum += amount * u64::from(group);
    }
    Ok(sum)
}

/// Goes through 64 ranges of keys, each one thirty-second of all; how many records were met.
fn ranges(db: &Database, records: u64) -> Result<u64, Error> {
    let table = db.begin_read()?.open_table(RECORDS)?;
    let mut random = Random::new(0x59 ^ records);
    let mut met = 0;
    for _ in 0..64 {
        let start = u64::from(random.below(u32::MAX));
        for record in table.range(start..start + (1 << 27))? {
            met += u64::from(record?.1.value().0 < GROUP_COUNT);
        }
    }
    Ok(met)
}

/// Makes an index of groups from all records; how many entries it has.
fn index_build(db: &Database) -> Result<u64, Error> {
    let write = db.begin_write()?;
    let count = {
        let table = write.open_table(RECORDS)?;
        let mut index = write.open_multimap_table(GROUPS)?;
        for record in table.iter()? {
            let (key, record) = record?;
            index.insert(record.value().0, key.value())?;
        }
        index.len()?
    };
    write.commit()?;
    Ok(count)
}

/// Goes through every third group by the index and looks the records up; the sum of their amounts.
fn index_look(db: &Database) -> Result<u64, Error> {
    let read = db.begin_read()?;
    let (table, index) = (read.open_table(RECORDS)?, read.open_multimap_table(GROUPS)?);
    let mut sum = 0;
    for group in (0..GROUP_COUNT).step_by(3) {
        for key in index.get(group)? {
            if let Some(record) = table.get(key?.value())? {
                sum += record.value().1;
            }
        }
    }
    Ok(sum)
}

/// Doubles the amounts of every second record and lengthens their names; the sum of the new amounts.
fn update(db: &Database, records: u64) -> Result<u64, Error> {
    let write = db.begin_write()?;
    let mut sum = 0;
    {
        let mut table = write.open_table(RECORDS)?;
        for n in (0..records).step_by(2) {
            let key = key(n);
            let old = table.get(key)?.map(|record| {
                let (group, amount, name) = record.value();
                (group, amount, name.to_owned())
            });
            if let Some((group, amount, name)) = old {
                sum += 2 * amount;
                table.insert(key, (group, 2 * amount, format!("{name}, twice").as_str()))?;
            }
        }
    }
    write.commit()?;
    Ok(sum)
}

/// Moves every fifth record to the next group, index included; how many are in group 0 then.
fn move_groups(db: &Database, records: u64) -> Result<u64, Error> {
    let write = db.begin_write()?;
    let count = {
        let mut table = write.open_table(RECORDS)?;
        let mut index = write.open_multimap_table(GROUPS)?;
        for n in (0..records).step_by(5) {
            let key = key(n);
            let old = table.get(key)?.map(|record| {
                let (group, amount, name) = record.value();
                (group, amount, name.to_owned())
            });
            if let Some((group, amount, name)) = old {
                let next = (group + 1) % GROUP_COUNT;
                table.insert(key, (next, amount, name.as_str()))?;
                index.remove(group, key)?;
                index.insert(next, key)?;
            }
        }
        index.get(0)?.len()
    };
    write.commit()?;
    Ok(count)
}

/// A reader from before a transaction that empties half the table and is given up; what the reader sees, and what
/// is there afterwards.
fn snapshot(db: &Database, records: u64) -> Result<u64, Error> {
    let before = db.begin_read()?.open_table(RECORDS)?;
    let write = db.begin_write()?;
    {
        let mut table = write.open_table(RECORDS)?;
        for n in 0..records / 2 {
            table.remove(key(n))?;
        }
    }
    let seen = before.len()?;
    write.abort()?;
    let after = db.begin_read()?.open_table(RECORDS)?.len()?;
    Ok(seen + after)
}

/// Deletes every fourth record, with its entry in the index; how many are left.
fn delete(db: &Database, records: u64) -> Result<u64, Error> {
    let write = db.begin_write()?;
    let left = {
        let mut table = write.open_table(RECORDS)?;
        let mut index = write.open_multimap_table(GROUPS)?;
        for n in (0..records).step_by(4) {
            let key = key(n);
            let group = table.remove(key)?.map(|record| record.value().0);
            if let Some(group) = group {
                index.remove(group, key)?;
            }
        }
        table.len()?
    };
    write.commit()?;
    Ok(left)
}

/// Deletes all records of half of the groups by the index; what is left in table and index.
fn delete_group(db: &Database) -> Result<u64, Error> {
    let write = db.begin_write()?;
    let left = {
        let mut table = write.open_table(RECORDS)?;
        let mut index = write.open_multimap_table(GROUPS)?;
        for group in 0..GROUP_COUNT / 2 {
            let keys: Vec<u64> =
                index.remove_all(group)?.map(|key| key.map(|k| k.value())).collect::<Result<_, _>>()?;
            for key in keys {
                table.remove(key)?;
            }
        }
        table.len()? + index.len()?
    };
    write.commit()?;
    Ok(left)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The same on a map of the library: group and amount by key.
    fn model(records: u64) -> [u64; TESTS.len()] {
        let mut map: BTreeMap<u64, (u32, u64, String)> =
            (0..records).map(|n| (key(n), (group(key(n)), n, format!("record {n}")))).collect();
        let bulk = records - records / 8;
        let mut random = Random::new(83);
        let get = (0..records).map(|_| &map[&key(u64::from(random.below(records as u32)))]);
        let get = get.map(|(_, amount, name)| amount + name.len() as u64).sum();
        let missing = (0..records).filter(|n| n % 2 == 0 || 2 * n >= records).count() as u64;
        let scan = map.values().map(|(group, amount, _)| amount * u64::from(*group)).sum();
        let mut random = Random::new(0x59 ^ records);
        let starts = (0..64).map(|_| u64::from(random.below(u32::MAX)));
        let ranges = starts.map(|start| map.range(start..start + (1 << 27)).count() as u64).sum();
        let look = map.values().filter(|(group, ..)| group % 3 == 0).map(|(_, amount, _)| amount).sum();
        let update = (0..records).step_by(2).map(|n| 2 * n).sum();
        for n in (0..records).step_by(5) {
            let record = map.get_mut(&key(n)).expect("a record");
            record.0 = (record.0 + 1) % GROUP_COUNT;
        }
        let first = map.values().filter(|(group, ..)| *group == 0).count() as u64;
        for n in (0..records).step_by(4) {
            map.remove(&key(n));
        }
        let left = map.len() as u64;
        map.retain(|_, (group, ..)| *group >= GROUP_COUNT / 2);
        let last = 2 * map.len() as u64;
        [bulk, records, get, missing, scan, ranges, records, look, update, first, 2 * records, left, last]
    }

    #[test]
    fn every_answer_is_that_of_a_map() {
        for records in [64, 1000, 5003] {
            let answers = run(records).expect("a database that works");
            for ((name, answer), right) in TESTS.iter().zip(answers).zip(model(records)) {
                assert_eq!(answer, right, "{name} of {records}");
            }
        }
    }
}
