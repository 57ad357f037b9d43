/** A style sheet that an entry imports lies beside it when it is built; it exports nothing. */
declare module '*.css';
