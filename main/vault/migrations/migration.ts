export interface Migration {
  /** 1, 2, 3 …; the database's user_version after it. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
