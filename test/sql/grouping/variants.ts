/** Other spellings of a statement: other values, another layout. Seeded by the variant's number. */

const LONGEST_NUMBER = 997;

/** The shape with the values of variant `variant`; other variants have other values everywhere. */
export function withValues(shape: string, variant: number): string {
  let place = 0;
  const next = (): number => {
    place += 1;
    return 1 + ((variant * 131 + place * 17) % LONGEST_NUMBER);
  };
  return shape.replace(/[#~^]/g, (mark) => {
    const number = next();
    if (mark === '#') return String(number);
    // What casts to jsonb has to be some.
    if (mark === '~') return `'{"it''s": ${number}}'`;
    return `'20${10 + (number % 15)}-0${1 + (number % 9)}-1${number % 9}'`;
  });
}

/** The same statement over several lines, with comments between its words. */
export function laidOut(statement: string): string {
  return `/* app:erp */  ${statement.replace(/ (FROM|WHERE|VALUES|SET) /g, '\n   $1  -- here\n  ')}  `;
}

/** Keywords in lower case: what is quoted stays. */
export function inLowerCase(statement: string): string {
  return statement.replace(/'(?:[^']|'')*'|"[^"]*"|\w+/g, (part) =>
    /^['"]/.test(part) ? part : part.toLowerCase(),
  );
}
