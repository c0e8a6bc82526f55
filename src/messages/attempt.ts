import { type Catalogue, phrase } from "./catalogue.ts"

/** What the owner of a webhook can do about an attempt, by its class (contract/webhooks.md §4); values are HTTP statuses. */
export const attemptHints = {
  wrong_body: phrase<number | undefined>(
    (status) => `máy chủ của bạn trả về ${status ?? "2xx"} nhưng nội dung không có \`"success": true\``,
    (status) => `your endpoint answered ${status ?? "2xx"} but the body has no \`"success": true\``,
  ),
  http_error: phrase<number | undefined>(
    (status) =>
      `máy chủ của bạn trả về ${status ?? "mã lỗi"}; chỉ 200 hoặc 201 là thành công, không đi theo chuyển hướng`,
    (status) => `your endpoint answered ${status ?? "an error"}; only 200 or 201 counts, redirects are not followed`,
  ),
  gone: {
    vi: "máy chủ của bạn trả về 410 nên webhook đã bị tắt; hãy bật lại khi địa chỉ hoạt động",
    en: "your endpoint answered 410, so the webhook was switched off; switch it on again once the address works",
  },
  timeout: {
    vi: "không có phản hồi đầy đủ trong 30 giây (kết nối: 15 giây); hãy trả lời trước rồi xử lý sau",
    en: "no whole answer within 30 seconds (to connect: 15 seconds); answer first, and work afterwards",
  },
  dns: {
    vi: "không tìm thấy địa chỉ của tên miền; hãy kiểm tra tên miền và bản ghi DNS",
    en: "the host name has no address; check its spelling and its DNS records",
  },
  connect: {
    vi: "không kết nối được; hãy kiểm tra máy chủ, cổng và tường lửa",
    en: "no connection could be made; check that the server runs, its port and its firewall",
  },
  tls: {
    vi: "bắt tay TLS thất bại; máy chủ cần hỗ trợ TLS 1.2 trở lên",
    en: "the TLS handshake failed; the server must speak TLS 1.2 or later",
  },
  tls_name: {
    vi: "chứng chỉ TLS không dành cho tên miền này",
    en: "the TLS certificate is for another host name",
  },
  tls_ca: {
    vi: "chứng chỉ TLS hết hạn hoặc không được tin cậy; hãy kiểm tra cả chứng chỉ trung gian",
    en: "the TLS certificate has expired or is not trusted; check that the intermediate certificates are sent too",
  },
  send: {
    vi: "kết nối bị ngắt khi đang gửi yêu cầu",
    en: "the connection broke while the request was being sent",
  },
  receive: {
    vi: "kết nối bị ngắt, hoặc phản hồi sai HTTP, trước khi phản hồi kết thúc",
    en: "the connection broke, or the answer was no valid HTTP, before the answer was complete",
  },
  oauth_token: {
    vi: "không lấy được access token từ máy chủ của bạn nên webhook chưa được gửi; hãy kiểm tra URL và client",
    en: "your token endpoint gave no access token, so nothing was sent; check its URL and the client credentials",
  },
  blocked: {
    vi: "địa chỉ này không được phép gọi; hãy dùng một địa chỉ công khai trên Internet",
    en: "this address may not be called; use a public address on the Internet",
  },
  interrupted: {
    vi: "hệ thống bị ngắt khi đang gửi, không rõ kết quả; yêu cầu có thể đã đến nơi và sẽ được gửi lại",
    en: "our sender was interrupted, so the outcome is unknown; the request may have arrived and is sent again",
  },
  late: {
    vi: "kết quả đến sau khi lần gửi này đã được giao cho tiến trình khác; chỉ ghi nhật ký",
    en: "the result came after this attempt had been given to another worker; it is logged only",
  },
  cancelled: {
    vi: "webhook đã bị tắt hoặc xóa trước khi gửi",
    en: "the webhook was switched off or deleted before this was sent",
  },
} satisfies Catalogue

/** How the log shows an attempt (contract/webhooks.md §4, "Shown as"). */
export const attemptStatusMessages = {
  success: { vi: "Thành công", en: "Success" },
  wrong_body: { vi: "Thất bại (sai nội dung)", en: "Failed (wrong body)" },
  failed: { vi: "Thất bại", en: "Failed" },
  timeout: { vi: "Quá thời gian", en: "Timeout" },
  blocked: { vi: "Thất bại (địa chỉ bị chặn)", en: "Failed (blocked address)" },
  interrupted: { vi: "Bị gián đoạn", en: "Interrupted" },
  late: { vi: "Trễ", en: "Late" },
  not_sent: { vi: "Không gửi", en: "Not sent" },
} satisfies Catalogue
