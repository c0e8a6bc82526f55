import type { Catalogue } from "./catalogue.ts"

/** The tabs of one app in the developer portal. */
export const appTabMessages = {
  label: { vi: "Các trang của ứng dụng", en: "Pages of this app" },
  overview: { vi: "Tổng quan", en: "Overview" },
  secrets: { vi: "Mã bí mật", en: "Secrets" },
  requests: { vi: "Nhật ký yêu cầu", en: "Request log" },
  usage: { vi: "Mức sử dụng", en: "Usage" },
  "quick-start": { vi: "Bắt đầu nhanh", en: "Quick start" },
  try: { vi: "Chạy thử", en: "Try it" },
} satisfies Catalogue
