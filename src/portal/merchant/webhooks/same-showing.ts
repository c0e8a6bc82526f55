/** A form sent again within this time is a double click: whoever sent it sees the secret of the first sending, ms. */
export const sameShowingMs = 60_000
