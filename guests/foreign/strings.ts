// Strings and arrays on the garbage-collected heap of AssemblyScript: spells the numbers from 1 to n in words of
// digits, sorts them as text, and folds them into one number. No imports.

const DIGITS: string[] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

function spell(n: u32): string {
  const digits = n.toString();
  const words = new Array<string>();
  for (let i = 0; i < digits.length; i++) {
    words.push(DIGITS[digits.charCodeAt(i) - 48]);
  }
  return words.join("-");
}

export function run(n: u32): u32 {
  const words = new Array<string>();
  for (let i: u32 = 1; i <= n; i++) {
    words.push(spell(i));
  }
  words.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  let sum: u32 = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    for (let j = 0; j < word.length; j++) {
      sum = sum * 31 + word.charCodeAt(j);
    }
  }
  return sum;
}
