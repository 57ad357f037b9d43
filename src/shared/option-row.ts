/** What one row of the table of options (./options.ts) is. */

interface Row {
  /** Name in code and in a configuration file. */
  readonly key: string;
  /** Environment variable. */
  readonly env: string;
  readonly description: string;
  /** A token: never printed; may also be given as the path of a file in `<env>_FILE`. */
  readonly secret?: true;
  /** Variables of other tools, honoured when ours is not set; the first that is set wins. */
  readonly fallbacks?: readonly string[];
}

export interface TextRow extends Row {
  readonly type: 'text';
  readonly default: string;
  /** Of a secret that is to be hard to guess: how many characters at least. */
  readonly lengthMin?: number;
}
export interface ListRow extends Row {
  readonly type: 'list';
  readonly default: readonly string[];
  /** What each item must look like; any text where there is none. */
  readonly item?: ItemForm;
}
/** The form of an item of a list, and how to tell a user of it. */
export interface ItemForm {
  readonly pattern: RegExp;
  readonly expected: string;
}

/** What a route is taken for. */
export const ROUTE_ENTRY: ItemForm = {
  pattern: /^(?:[A-Z]+ +)?[/*][^=]*=\s*\S.*$/,
  expected: 'items such as POST /api/orders/*=order_creation, several separated by commas',
};

export interface SwitchRow extends Row {
  readonly type: 'switch';
  readonly default: boolean;
}
export interface ChoiceRow extends Row {
  readonly type: 'choice';
  readonly default: string;
  readonly values: readonly string[];
}
/** Whole numbers: plain, in milliseconds, or in bytes. */
export interface NumberRow extends Row {
  readonly type: 'integer' | 'duration' | 'bytes';
  readonly default: number;
  readonly min: number;
  readonly max: number;
}
export type OptionRow = TextRow | ListRow | SwitchRow | ChoiceRow | NumberRow;
