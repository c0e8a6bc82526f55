import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** The request log of an app: list and one call. */
export const requestLogMessages = {
  title: { vi: "Nhật ký yêu cầu", en: "Request log" },
  lead: phrase<string>(
    (app) => `Những gì ${app} đã gọi trong 7 ngày qua, và lý do chính xác của mỗi lần bị từ chối.`,
    (app) => `What ${app} called in the last 7 days, and the exact reason of each refusal.`,
  ),
  refresh: { vi: "Làm mới", en: "Refresh" },
  filters: { vi: "Lọc", en: "Filters" },
  apply: { vi: "Lọc", en: "Filter" },
  clear: { vi: "Bỏ lọc", en: "Clear filters" },
  endpoint: { vi: "Endpoint", en: "Endpoint" },
  anyEndpoint: { vi: "Mọi endpoint", en: "Any endpoint" },
  outcome: { vi: "Kết quả", en: "Outcome" },
  anyOutcome: { vi: "Tất cả", en: "All" },
  onlyFailures: { vi: "Chỉ lần bị lỗi", en: "Only failures" },
  error: { vi: "Mã lỗi", en: "Error code" },
  anyError: { vi: "Mọi mã lỗi", en: "Any code" },
  from: { vi: "Từ ngày", en: "From" },
  to: { vi: "Đến ngày", en: "To" },
  requestId: { vi: "Mã yêu cầu", en: "Request id" },
  requestIdHint: { vi: "X-Request-Id của câu trả lời", en: "X-Request-Id of the answer" },
  wrongDay: { vi: "Ngày không hợp lệ.", en: "This is not a day." },
  daysReversed: { vi: "Ngày kết thúc phải từ ngày bắt đầu trở đi.", en: "The last day cannot come before the first." },
  wrongRequestId: {
    vi: "Chỉ gồm chữ, số và . _ -, tối đa 128 ký tự.",
    en: "Letters, digits and . _ - only, 128 at most.",
  },
  time: { vi: "Thời điểm", en: "Time" },
  call: { vi: "Yêu cầu", en: "Call" },
  status: { vi: "Trạng thái", en: "Status" },
  reason: { vi: "Lý do", en: "Reason" },
  duration: { vi: "Thời gian xử lý", en: "Duration" },
  ok: { vi: "Thành công", en: "Fine" },
  repeats: phrase<number>(
    (count) => `${count} lần giống nhau`,
    (count) => `${count} alike`,
  ),
  unproven: { vi: "Chưa xác thực", en: "Not proven" },
  unprovenNote: {
    vi: "Bên gọi chỉ nêu client_id của ứng dụng mà chưa chứng minh được mình là ứng dụng. Ai cũng có thể gửi yêu cầu như vậy, nên nó không tính vào tỷ lệ lỗi.",
    en: "The caller only named the app's client_id and proved nothing. Anybody can send such a call, so it does not count in the error rate.",
  },
  repeatsNote: phrase<{ readonly count: number; readonly last: string }>(
    ({ count, last }) =>
      `Trong phút đó ứng dụng gọi rất nhiều, nên ${count} lần giống nhau được gộp vào dòng này; lần cuối lúc ${last}.`,
    ({ count, last }) =>
      `The app called a lot in that minute, so ${count} calls alike share this row; the last was at ${last}.`,
  ),
  older: { vi: "Cũ hơn", en: "Older" },
  newest: { vi: "Về mới nhất", en: "Back to the newest" },
  noneTitle: { vi: "Chưa có yêu cầu nào", en: "No calls yet" },
  none: {
    vi: "Khi ứng dụng gọi /oauth hoặc /api/v1, mỗi lần gọi sẽ hiện ở đây sau khoảng một giây.",
    en: "Once the app calls /oauth or /api/v1, each call shows here within about a second.",
  },
  toQuickStart: { vi: "Bắt đầu nhanh", en: "Quick start" },
  noMatchTitle: { vi: "Không có yêu cầu nào khớp", en: "No call matches" },
  noMatch: {
    vi: "Thử bỏ bớt điều kiện lọc. Nhật ký giữ 7 ngày.",
    en: "Try fewer filters. The log keeps 7 days.",
  },
  noMatchHere: {
    vi: "Trong phần đã xem không có yêu cầu nào khớp. Có thể xem tiếp phần cũ hơn.",
    en: "Nothing matched in what was looked through. You can go on to older calls.",
  },
  detailTitle: { vi: "Chi tiết yêu cầu", en: "Call details" },
  back: { vi: "Về nhật ký", en: "Back to the log" },
  whatHappened: { vi: "Chuyện gì đã xảy ra", en: "What happened" },
  whatToDo: { vi: "Cần làm gì", en: "What to do" },
  passed: { vi: "Yêu cầu đã được trả lời bình thường.", en: "The call was answered as usual." },
  noReason: { vi: "Không có lý do chi tiết cho lần gọi này.", en: "There is no detailed reason for this call." },
  facts: { vi: "Thông tin yêu cầu", en: "The call" },
  expected: { vi: "Cần", en: "Expected" },
  sent: { vi: "Đã gửi", en: "Sent" },
  differsFrom: phrase<number>(
    (position) => `Khác từ ký tự thứ ${position}, phần được tô.`,
    (position) => `They differ from character ${position} on, the part that is marked.`,
  ),
  nothingThere: { vi: "(hết)", en: "(the end)" },
  ip: { vi: "Địa chỉ IP", en: "IP address" },
  ipOfUser: { vi: "Không lưu: đây là trình duyệt của người dùng", en: "Not kept: this is a user's browser" },
  userAgent: { vi: "User-Agent", en: "User-Agent" },
  mode: { vi: "Loại dữ liệu", en: "Data" },
  contract: { vi: "Quy định", en: "Rules" },
  reference: { vi: "Tài liệu API", en: "API reference" },
  quickStartOf: { vi: "Mẫu mã đúng", en: "Working sample" },
} satisfies Catalogue

/** The usage of an app. */
export const usageMessages = {
  title: { vi: "Mức sử dụng", en: "Usage" },
  lead: phrase<string>(
    (app) => `Số lần ${app} gọi theo ngày và theo endpoint. Cập nhật sau khoảng một giây.`,
    (app) => `How often ${app} called, by day and endpoint. At most a second behind.`,
  ),
  period: { vi: "Khoảng thời gian", en: "Period" },
  days: phrase<number>(
    (count) => `${count} ngày`,
    (count) => `${count} days`,
  ),
  calls: { vi: "Số lần gọi", en: "Calls" },
  errorRate: { vi: "Tỷ lệ lỗi", en: "Error rate" },
  errorRateNote: {
    vi: "Lần gọi bị từ chối, bị giới hạn hoặc lỗi, không kể lần chưa xác thực",
    en: "Refused, limited or failed calls; those not proven are left out",
  },
  aliveGrants: { vi: "Người dùng đang kết nối", en: "Connections alive" },
  aliveFamilies: { vi: "Chuỗi token còn hiệu lực", en: "Live token chains" },
  byDay: { vi: "Theo ngày", en: "By day" },
  byEndpoint: { vi: "Theo endpoint", en: "By endpoint" },
  day: { vi: "Ngày", en: "Day" },
  endpoint: { vi: "Endpoint", en: "Endpoint" },
  total: { vi: "Tổng", en: "Total" },
  ok: { vi: "Thành công", en: "Fine" },
  refused: { vi: "Bị từ chối", en: "Refused" },
  limited: { vi: "Bị giới hạn", en: "Limited" },
  failed: { vi: "Lỗi máy chủ", en: "Failed" },
  unproven: { vi: "Chưa xác thực", en: "Not proven" },
  chart: phrase<number>(
    (most) => `Biểu đồ cột số lần gọi theo ngày, cao nhất ${most}; số liệu ở bảng bên dưới.`,
    (most) => `Bars of the calls by day, ${most} at most; the figures are in the table below.`,
  ),
  table: { vi: "Xem số liệu từng ngày", en: "Show the figures of each day" },
  noneTitle: { vi: "Chưa có số liệu", en: "No figures yet" },
  none: {
    vi: "Số liệu xuất hiện ngay sau lần gọi đầu tiên của ứng dụng.",
    en: "Figures appear right after the app's first call.",
  },
} satisfies Catalogue
