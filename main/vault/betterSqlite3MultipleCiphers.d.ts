/** The package brings no types; its interface is better-sqlite3's. */
declare module 'better-sqlite3-multiple-ciphers' {
  import Database from 'better-sqlite3';
  export default Database;
  export type { Database, Statement } from 'better-sqlite3';
}
