import css from "./page-fill.module.css";

/** The class for the one panel of a page that takes the height left over, and whose table scrolls inside. */
export const pageFill: string = css.fill ?? "";
