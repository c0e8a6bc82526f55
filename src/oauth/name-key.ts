/** A text without case and marks, so that “cua hang” finds “Cửa Hàng”. */
export function nameKey(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase()
}
