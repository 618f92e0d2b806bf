//! Values as postcard has them: numbers of more than a byte in groups of seven bits, lowest first, the top bit saying
//! that more follow; signed ones in zigzag; lengths, tags and indices as numbers; the rest one after the other.

use core::fmt;

use serde::Serialize;
use serde::ser::{self, Serializer};

use crate::{Count, EncodeError, LONGEST, Sink};

type Result<T = ()> = core::result::Result<T, EncodeError>;

/// Writes a value.
#[inline]
pub fn write<T: Serialize + ?Sized, S: Sink>(value: &T, sink: &mut S) -> Result {
    value.serialize(Writer(sink))
}

/// By value all the way, so that what a sink holds can stay in registers.
struct Writer<'a, S>(&'a mut S);

/// Writes a number of up to 64 bits to the front of the window; how many bytes that took.
#[inline]
fn groups(mut number: u64, window: &mut [u8; LONGEST]) -> usize {
    let mut len = 0;
    for byte in window {
        len += 1;
        if number < 0x80 {
            *byte = number as u8;
            break;
        }
        *byte = number as u8 | 0x80;
        number >>= 7;
    }
    len
}

impl<S: Sink> Writer<'_, S> {
    #[inline]
    fn number(self, number: u64) -> Result {
        match self.0.window() {
            Some(window) => {
                let len = groups(number, window);
                self.0.advance(len);
                Ok(())
            }
            None => self.number_at_the_end(number),
        }
    }

    /// Near the end of the room there is only as much as the number takes.
    #[cold]
    #[inline(never)]
    fn number_at_the_end(self, number: u64) -> Result {
        let mut window = [0; LONGEST];
        let len = groups(number, &mut window);
        self.0.extend(&window[..len])
    }

    /// Numbers of 128 bits are rare: no window is kept for them.
    fn wide(self, mut number: u128) -> Result {
        while number >= 0x80 {
            self.0.extend(&[number as u8 | 0x80])?;
            number >>= 7;
        }
        self.0.extend(&[number as u8])
    }

    #[inline]
    fn signed(self, number: i64) -> Result {
        self.number((number << 1 ^ number >> 63).cast_unsigned())
    }

    #[inline]
    fn byte(self, byte: u8) -> Result {
        match self.0.window() {
            Some([first, ..]) => {
                *first = byte;
                self.0.advance(1);
                Ok(())
            }
            None => self.0.extend(&[byte]),
        }
    }

    #[inline]
    fn len(self, len: usize) -> Result {
        self.number(len as u64)
    }

    #[inline]
    fn known(self, len: Option<usize>) -> Result<Self> {
        Writer(&mut *self.0).len(len.ok_or(EncodeError::UnknownLength)?)?;
        Ok(self)
    }
}

impl<S: Sink> Serializer for Writer<'_, S> {
    type Ok = ();
    type Error = EncodeError;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    fn is_human_readable(&self) -> bool {
        false
    }

    #[inline]
    fn serialize_bool(self, value: bool) -> Result {
        self.byte(value.into())
    }

    #[inline]
    fn serialize_i8(self, value: i8) -> Result {
        self.byte(value.cast_unsigned())
    }

    #[inline]
    fn serialize_i16(self, value: i16) -> Result {
        self.signed(value.into())
    }

    #[inline]
    fn serialize_i32(self, value: i32) -> Result {
        self.signed(value.into())
    }

    #[inline]
    fn serialize_i64(self, value: i64) -> Result {
        self.signed(value)
    }

    fn serialize_i128(self, value: i128) -> Result {
        self.wide((value << 1 ^ value >> 127).cast_unsigned())
    }

    #[inline]
    fn serialize_u8(self, value: u8) -> Result {
        self.byte(value)
    }

    #[inline]
    fn serialize_u16(self, value: u16) -> Result {
        self.number(value.into())
    }

    #[inline]
    fn serialize_u32(self, value: u32) -> Result {
        self.number(value.into())
    }

    #[inline]
    fn serialize_u64(self, value: u64) -> Result {
        self.number(value)
    }

    fn serialize_u128(self, value: u128) -> Result {
        self.wide(value)
    }

    #[inline]
    fn serialize_f32(self, value: f32) -> Result {
        self.0.extend(&value.to_le_bytes())
    }

    #[inline]
    fn serialize_f64(self, value: f64) -> Result {
        self.0.extend(&value.to_le_bytes())
    }

    fn serialize_char(self, value: char) -> Result {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result {
        self.serialize_bytes(value.as_bytes())
    }

    #[inline]
    fn serialize_bytes(self, value: &[u8]) -> Result {
        Writer(&mut *self.0).len(value.len())?;
        self.0.extend(value)
    }

    #[inline]
    fn serialize_none(self) -> Result {
        self.byte(0)
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result {
        Writer(&mut *self.0).byte(1)?;
        value.serialize(self)
    }

    #[inline]
    fn serialize_unit(self) -> Result {
        Ok(())
    }

    #[inline]
    fn serialize_unit_struct(self, _: &'static str) -> Result {
        Ok(())
    }

    #[inline]
    fn serialize_unit_variant(self, _: &'static str, index: u32, _: &'static str) -> Result {
        self.number(index.into())
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result {
        value.serialize(self)
    }

    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        value: &T,
    ) -> Result {
        Writer(&mut *self.0).number(index.into())?;
        value.serialize(self)
    }

    #[inline]
    fn serialize_seq(self, len: Option<usize>) -> Result<Self> {
        self.known(len)
    }

    #[inline]
    fn serialize_tuple(self, _: usize) -> Result<Self> {
        Ok(self)
    }

    #[inline]
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self> {
        Ok(self)
    }

    #[inline]
    fn serialize_tuple_variant(self, _: &'static str, index: u32, _: &'static str, _: usize) -> Result<Self> {
        self.known(Some(index as usize))
    }

    #[inline]
    fn serialize_map(self, len: Option<usize>) -> Result<Self> {
        self.known(len)
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self> {
        Ok(self)
    }

    #[inline]
    fn serialize_struct_variant(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self> {
        self.known(Some(index as usize))
    }

    /// Text made while it is written has to be made twice: its length comes first.
    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result {
        let mut count = Count::default();
        fmt::write(&mut Text(&mut count), format_args!("{value}")).map_err(|_| EncodeError::Refused)?;
        Writer(&mut *self.0).len(count.len())?;
        let mut rest = Exactly { sink: self.0, left: count.len(), failed: None };
        let written = fmt::write(&mut rest, format_args!("{value}"));
        match (rest.failed, written, rest.left) {
            (Some(error), ..) => Err(error),
            (None, Ok(()), 0) => Ok(()),
            _ => Err(EncodeError::Refused),
        }
    }
}

/// Counts text.
struct Text<'a>(&'a mut Count);

impl fmt::Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend(text.as_bytes()).map_err(|_| fmt::Error)
    }
}

/// Writes the text that was counted: a `Display` that says something else the second time is refused.
struct Exactly<'a, S> {
    sink: &'a mut S,
    left: usize,
    failed: Option<EncodeError>,
}

impl<S: Sink> fmt::Write for Exactly<'_, S> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.left = self.left.checked_sub(text.len()).ok_or(fmt::Error)?;
        self.sink.extend(text.as_bytes()).map_err(|error| {
            self.failed = Some(error);
            fmt::Error
        })
    }
}

macro_rules! in_turn {
    ($($trait:ident: $method:ident($($name:ident)?);)*) => {$(
        impl<S: Sink> ser::$trait for Writer<'_, S> {
            type Ok = ();
            type Error = EncodeError;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, $($name: &'static str,)? value: &T) -> Result {
                $(let _ = $name;)?
                value.serialize(Writer(&mut *self.0))
            }

            #[inline]
            fn end(self) -> Result {
                Ok(())
            }
        }
    )*};
}

in_turn! {
    SerializeSeq: serialize_element();
    SerializeTuple: serialize_element();
    SerializeTupleStruct: serialize_field();
    SerializeTupleVariant: serialize_field();
    SerializeStruct: serialize_field(name);
    SerializeStructVariant: serialize_field(name);
}

impl<S: Sink> ser::SerializeMap for Writer<'_, S> {
    type Ok = ();
    type Error = EncodeError;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result {
        key.serialize(Writer(&mut *self.0))
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        value.serialize(Writer(&mut *self.0))
    }

    #[inline]
    fn end(self) -> Result {
        Ok(())
    }
}
