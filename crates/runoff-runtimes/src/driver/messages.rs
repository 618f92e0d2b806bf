//! What is said in a session: the part of the driver protocol that works a runtime step by step.
//!
//! Every [`Request`] gets one [`Response`]. While a guest runs, the driver may ask for a host function
//! ([`Response::HostCall`]); it then waits for [`Request::HostReturn`] or [`Request::HostFail`] and goes on. A
//! guest's memory travels in a file both sides know, because it is too large for a line.

use runoff_runtime::{Failure, FuncType, Value, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A value on the wire: its bits as an unsigned decimal number, so that NaNs and 64-bit integers survive every
/// language's idea of a number. References: `null`, `func`, or the host's number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WireValue {
    /// `i32`, `i64`, `f32`, `f64`, `v128`, `funcref`, `externref`.
    #[serde(rename = "type")]
    #[schemars(with = "String")]
    pub ty: ValueType,
    /// Its bits.
    pub bits: String,
}

impl From<Value> for WireValue {
    fn from(value: Value) -> Self {
        let bits = match value {
            Value::I32(v) => v.cast_unsigned().to_string(),
            Value::I64(v) => v.cast_unsigned().to_string(),
            Value::F32(v) => v.to_string(),
            Value::F64(v) => v.to_string(),
            Value::V128(v) => u128::from_le_bytes(v).to_string(),
            Value::FuncRef(some) => if some { "func" } else { "null" }.into(),
            Value::ExternRef(v) => v.map_or_else(|| "null".into(), |n| n.to_string()),
        };
        Self { ty: value.ty(), bits }
    }
}

impl WireValue {
    /// The value; an error when the bits are none of its type.
    pub fn value(&self) -> Result<Value, String> {
        let bad = || format!("`{}` are no bits of an {}", self.bits, self.ty);
        let bits = &self.bits;
        Ok(match self.ty {
            ValueType::I32 => Value::I32(bits.parse::<u32>().map_err(|_| bad())?.cast_signed()),
            ValueType::I64 => Value::I64(bits.parse::<u64>().map_err(|_| bad())?.cast_signed()),
            ValueType::F32 => Value::F32(bits.parse().map_err(|_| bad())?),
            ValueType::F64 => Value::F64(bits.parse().map_err(|_| bad())?),
            ValueType::V128 => Value::V128(bits.parse::<u128>().map_err(|_| bad())?.to_le_bytes()),
            ValueType::FuncRef => match bits.as_str() {
                "null" => Value::FuncRef(false),
                "func" => Value::FuncRef(true),
                _ => return Err(bad()),
            },
            ValueType::ExternRef if bits == "null" => Value::ExternRef(None),
            ValueType::ExternRef => Value::ExternRef(Some(bits.parse().map_err(|_| bad())?)),
        })
    }
}

/// A host function the driver links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WireImport {
    /// Import module.
    pub module: String,
    /// Import field.
    pub name: String,
    /// Its type: `{"params": ["i32"], "results": []}`.
    #[serde(flatten)]
    #[schemars(with = "serde_json::Value")]
    pub ty: FuncType,
}

/// A line to a driver in a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "msg", rename_all = "snake_case")]
pub enum Request {
    /// Turn the bytes of a file into code and keep it under this number. Answer: `done`, `refused`, `unsupported`.
    Compile {
        /// Number it gets.
        module: u32,
        /// File with the module.
        path: String,
    },
    /// Write compiled code to a file. Answer: `done`, `unsupported`.
    Save {
        /// Module.
        module: u32,
        /// File to write.
        path: String,
    },
    /// Read compiled code from a file. Answer: `done`, `refused`.
    Load {
        /// Number it gets.
        module: u32,
        /// File to read.
        path: String,
    },
    /// Make an instance and run its start function. Answer: `done`, `failure`, `refused`, `unsupported`.
    Instantiate {
        /// Module.
        module: u32,
        /// Number it gets.
        instance: u32,
        /// Its imports, in the order of the module's import section.
        imports: Vec<WireImport>,
        /// File its memory travels in.
        memory: String,
    },
    /// Call an export. Answer: `values`, `failure`, `unsupported`.
    Invoke {
        /// Instance.
        instance: u32,
        /// Export.
        export: String,
        /// Arguments.
        args: Vec<WireValue>,
        /// Types of its results.
        #[schemars(with = "Vec<String>")]
        results: Vec<ValueType>,
    },
    /// Read an exported global. Answer: `values` with one value, `unsupported`.
    Global {
        /// Instance.
        instance: u32,
        /// Export.
        export: String,
        /// Its type.
        #[serde(rename = "type")]
        #[schemars(with = "String")]
        ty: ValueType,
    },
    /// Write the first memory to its file. Answer: `memory`.
    ReadMemory {
        /// Instance.
        instance: u32,
    },
    /// Read the first memory back from its file, which is as long as it. Answer: `done`.
    WriteMemory {
        /// Instance.
        instance: u32,
    },
    /// Forget an instance. Answer: `done`.
    DropInstance {
        /// Instance.
        instance: u32,
    },
    /// Forget a module. Answer: `done`.
    DropModule {
        /// Module.
        module: u32,
    },
    /// A host function returned; the guest goes on.
    HostReturn {
        /// Its results.
        results: Vec<WireValue>,
        /// Whether the memory file holds what the guest must see now.
        memory_changed: bool,
    },
    /// A host function ends the guest: the call under way answers `failure` with this.
    HostFail {
        /// Why.
        #[schemars(with = "serde_json::Value")]
        failure: Failure,
    },
}

/// A line from a driver in a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "msg", rename_all = "snake_case")]
pub enum Response {
    /// Done.
    Done,
    /// Results of a call, or a global.
    Values {
        /// In order.
        values: Vec<WireValue>,
    },
    /// The memory is in its file.
    Memory {
        /// Its length in bytes; `null` when there is none.
        bytes: Option<u64>,
    },
    /// The engine refuses the module or the artifact.
    Refused {
        /// Its words.
        reason: String,
    },
    /// The runtime cannot do this.
    Unsupported {
        /// Why.
        reason: String,
    },
    /// The guest did not return: `{"kind": "trap", "detail": "unreachable"}`.
    Failure {
        /// How.
        #[schemars(with = "serde_json::Value")]
        failure: Failure,
    },
    /// The guest calls a host function; its memory is in the file.
    HostCall {
        /// Instance it comes from.
        instance: u32,
        /// Place of the import in the list given.
        import: u32,
        /// Arguments.
        args: Vec<WireValue>,
        /// Length of the memory in bytes; `null` when there is none.
        bytes: Option<u64>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back() {
        for value in [
            Value::I32(-1),
            Value::I64(i64::MIN),
            Value::F32(0x7fa0_0000),
            Value::F64(0xfff4_0000_0000_0001),
            Value::V128([7; 16]),
            Value::FuncRef(true),
            Value::ExternRef(Some(3)),
            Value::ExternRef(None),
        ] {
            assert_eq!(WireValue::from(value).value(), Ok(value));
        }
        assert!(WireValue { ty: ValueType::I32, bits: "4294967296".into() }.value().is_err());
    }

    #[test]
    fn a_request_is_one_flat_object() {
        let ty = FuncType::new([ValueType::I32], []);
        let import = WireImport { module: "env".into(), name: "f".into(), ty };
        let request =
            Request::Instantiate { module: 0, instance: 1, imports: vec![import], memory: "m".into() };
        let text = serde_json::to_string(&request).expect("a line");
        assert_eq!(
            text,
            r#"{"msg":"instantiate","module":0,"instance":1,"imports":[{"module":"env","name":"f","params":["i32"],"results":[]}],"memory":"m"}"#
        );
        assert_eq!(serde_json::from_str::<Request>(&text).expect("a request"), request);
    }
}
