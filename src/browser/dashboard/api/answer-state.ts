/** What is known of a question to the collector's API. Pure. */
export type Answer<Data> =
  | { readonly state: 'loading'; readonly data: undefined }
  | { readonly state: 'ok'; readonly data: Data }
  /** The collector has no such view, or nothing of that name. */
  | { readonly state: 'missing'; readonly data: undefined; readonly message: string }
  /** `data` is what was answered before. */
  | { readonly state: 'failed'; readonly data: Data | undefined; readonly message: string };
