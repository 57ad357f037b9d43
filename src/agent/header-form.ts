/**
 * The headers that an application gives to `writeHead`, in each of the forms that it takes: looked at, and
 * changed in a copy of the same form. Pure; loaded late.
 */

export type HeaderValue = string | number | readonly string[] | undefined;
/** An object, names and values in turn, or pairs of them. */
export type HeaderForm = Record<string, HeaderValue> | HeaderValue[] | [string, HeaderValue][];

export interface HeaderCopy {
  readonly copy: HeaderForm;
  find(name: string): Place | undefined;
  valueAt(place: Place): HeaderValue;
  /** In the place of a header that was found, or as a new one of that name. */
  put(place: Place, value: string): void;
}

export function copyOf(given: HeaderForm): HeaderCopy {
  return Array.isArray(given) ? new ListForm(given) : new ObjectForm(given);
}

/** Where a header is: its name, or its place in a list. */
type Place = string | number;

class ObjectForm implements HeaderCopy {
  readonly copy: Record<string, HeaderValue>;

  constructor(given: Record<string, HeaderValue>) {
    this.copy = { ...given };
  }

  find(name: string): Place | undefined {
    return Object.keys(this.copy).find((key) => key.toLowerCase() === name.toLowerCase());
  }

  valueAt(place: Place): HeaderValue {
    return this.copy[place];
  }

  put(place: Place, value: string): void {
    this.copy[place] = value;
  }
}

class ListForm implements HeaderCopy {
  readonly copy: HeaderValue[] | [string, HeaderValue][];
  readonly #isOfPairs: boolean;

  constructor(given: HeaderValue[] | [string, HeaderValue][]) {
    this.#isOfPairs = Array.isArray(given[0]);
    this.copy = given.map((item) => (this.#isOfPairs ? [...(item as string[])] : item)) as never;
  }

  /** The last of several, at which a value is added. */
  find(name: string): Place | undefined {
    const step = this.#isOfPairs ? 1 : 2;
    for (let i = this.copy.length - step; i >= 0; i -= step) {
      const item = this.copy[i];
      const key = this.#isOfPairs ? (item as [string, HeaderValue])[0] : item;
      if (String(key).toLowerCase() === name.toLowerCase()) return i;
    }
    return undefined;
  }

  valueAt(place: Place): HeaderValue {
    const at = place as number;
    if (this.#isOfPairs) return (this.copy as [string, HeaderValue][])[at]?.[1];
    return (this.copy as HeaderValue[])[at + 1];
  }

  put(place: Place, value: string): void {
    const list = this.copy as unknown[];
    if (typeof place === 'string')
      list.push(...(this.#isOfPairs ? [[place, value]] : [place, value]));
    else if (this.#isOfPairs) (list[place] as unknown[])[1] = value;
    else list[place + 1] = value;
  }
}
