//! Twins of the edge applications. Both workloads of the matrix product share a module and its twin.

use runoff_guest_edge::{attitude, canny, lenet, matmul, plate, unzip};
use runoff_runtimes::native::TwinBody;

use super::Named;

pub(super) const TWINS: &[Named] = &[
    command!("edge/attitude", attitude::main),
    command!("edge/canny", canny::main),
    command!("edge/lenet", lenet::main),
    command!("edge/matmul", matmul::main),
    command!("edge/plate", plate::main),
    command!("edge/unzip", unzip::main),
];
