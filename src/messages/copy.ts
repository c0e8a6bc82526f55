import type { Catalogue } from "./catalogue.ts"

/** The button that copies a text. */
export const copyMessages = {
  copy: { vi: "Sao chép", en: "Copy" },
  copied: { vi: "Đã sao chép.", en: "Copied." },
  failed: {
    vi: "Trình duyệt không cho sao chép. Hãy bôi đen rồi sao chép bằng tay.",
    en: "The browser does not allow copying. Select the text and copy it by hand.",
  },
} satisfies Catalogue
