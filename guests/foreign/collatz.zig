//! A WASI command: finds the number below the first argument (default 100000) whose Collatz sequence is longest.

const std = @import("std");

/// How many steps lead from `start` to 1.
fn steps(start: u64) u32 {
    var n = start;
    var count: u32 = 0;
    while (n != 1) : (count += 1) {
        n = if (n % 2 == 0) n / 2 else 3 * n + 1;
    }
    return count;
}

pub fn main(init: std.process.Init) !void {
    const args = try init.minimal.args.toSlice(init.arena.allocator());
    const limit = if (args.len > 1) try std.fmt.parseInt(u32, args[1], 10) else 100_000;
    var best: u32 = 1;
    var longest: u32 = 0;
    var n: u32 = 1;
    while (n < limit) : (n += 1) {
        const count = steps(n);
        if (count > longest) {
            best = n;
            longest = count;
        }
    }
    var buffer: [64]u8 = undefined;
    // Streaming, because standard output may be a file that others have written to before.
    var stdout = std.Io.File.stdout().writerStreaming(init.io, &buffer);
    try stdout.interface.print("{d} {d}\n", .{ best, longest });
    try stdout.interface.flush();
}
