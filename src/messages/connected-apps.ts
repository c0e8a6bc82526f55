import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** One connected app: what it may do, limiting it, and its history. contract/oauth.md §16. */
export const connectedAppMessages = {
  details: { vi: "Chi tiết và lịch sử", en: "Details and history" },
  detailsLabel: phrase<string>(
    (app) => `Chi tiết và lịch sử của ${app}`,
    (app) => `Details and history of ${app}`,
  ),
  narrow: { vi: "Thu hẹp quyền", en: "Limit access" },
  narrowLabel: phrase<string>(
    (app) => `Thu hẹp quyền của ${app}`,
    (app) => `Limit access of ${app}`,
  ),
  website: { vi: "Trang web", en: "Website" },
  back: { vi: "Ứng dụng đã kết nối", en: "Connected apps" },
  showEnded: { vi: "Xem kết nối đã kết thúc", en: "Show ended connections" },
  showAlive: { vi: "Xem kết nối đang hoạt động", en: "Show live connections" },
  endedTitle: { vi: "Kết nối đã kết thúc", en: "Ended connections" },
  endedLead: {
    vi: "Những ứng dụng từng được phép truy cập dữ liệu của công ty và nay không còn.",
    en: "Apps that once had access to your company's data and have none now.",
  },
  endedEmptyTitle: { vi: "Chưa có kết nối nào kết thúc", en: "No connection has ended yet" },
  endedEmpty: {
    vi: "Khi bạn thu hồi quyền của một ứng dụng, kết nối đó được giữ lại ở đây để tra cứu.",
    en: "When you revoke an app's access, the connection stays here for the record.",
  },
  older: { vi: "Cũ hơn", en: "Older" },
  endedAt: { vi: "Kết thúc lúc", en: "Ended" },
  endReason: { vi: "Vì sao", en: "Why" },
  ended: { vi: "Đã kết thúc", en: "Ended" },
  suspendedApp: { vi: "Ứng dụng đang bị tạm ngưng", en: "The app is suspended" },
  reason_revoked_by_user: { vi: "Quyền đã được thu hồi", en: "The access was revoked" },
  reason_app_deleted: { vi: "Ứng dụng đã bị xóa", en: "The app was deleted" },
  userInactive: { vi: "Người cấp quyền không còn hoạt động", en: "Who allowed it is no longer active" },
  reason_other: { vi: "Kết nối không còn hiệu lực", en: "The connection is no longer valid" },

  historyTitle: { vi: "Lịch sử", en: "History" },
  historyNote: {
    vi: "Mọi lần cấp, thu hẹp và thu hồi quyền của kết nối này, mới nhất ở trên.",
    en: "Every time this access was given, limited or revoked; newest first.",
  },
  given: { vi: "Cấp quyền", en: "Access given" },
  renewed: { vi: "Cho phép lại", en: "Allowed again" },
  narrowed: { vi: "Thu hẹp quyền", en: "Access limited" },
  revoked: { vi: "Thu hồi quyền", en: "Access revoked" },
  by: phrase<string>(
    (name) => `bởi ${name}`,
    (name) => `by ${name}`,
  ),
  unchanged: { vi: "Không có gì thay đổi", en: "Nothing changed" },
  scopesNow: { vi: "Được phép", en: "It may" },
  scopesGone: { vi: "Bỏ quyền", en: "No longer may" },
  scopesCame: { vi: "Thêm quyền", en: "Now may" },
  accountsNow: { vi: "Tài khoản", en: "Accounts" },
  accountsGone: { vi: "Bỏ tài khoản", en: "Accounts taken away" },
  accountsCame: { vi: "Thêm tài khoản", en: "Accounts added" },
  allAccounts: { vi: "Tất cả tài khoản", en: "All accounts" },
  closedAccount: phrase<number>(
    (id) => `tài khoản số ${id}`,
    (id) => `account no. ${id}`,
  ),

  narrowTitle: phrase<string>(
    (app) => `Thu hẹp quyền của ${app}`,
    (app) => `Limit the access of ${app}`,
  ),
  narrowLead: {
    vi: "Bỏ chọn những gì ứng dụng không cần nữa. Có hiệu lực ngay với mọi phiên kết nối.",
    en: "Untick what the app no longer needs. It takes effect on every connection at once.",
  },
  narrowScopesNote: {
    vi: "Quyền đã bỏ chỉ có lại khi ứng dụng hỏi và bạn cho phép lần nữa. Không bỏ được quyền bắt buộc; muốn bỏ, hãy thu hồi toàn bộ quyền.",
    en: "A permission taken away comes back only when the app asks and you allow it again. Required ones stay; to take those away, revoke the access altogether.",
  },
  narrowAccountsNote: {
    vi: "Bạn có thể bỏ hoặc thêm tài khoản bất cứ lúc nào.",
    en: "You can take accounts away or add some at any time.",
  },
  narrowWebhooks: {
    vi: "Webhook mà ứng dụng đã tạo thuộc về công ty và vẫn gửi tiếp; muốn dừng, hãy tắt chúng ở trang Webhook.",
    en: "Webhooks the app has made belong to your company and go on; switch them off under Webhooks to stop them.",
  },
  narrowSubmit: { vi: "Lưu thay đổi", en: "Save changes" },
  cancel: { vi: "Giữ nguyên", en: "Leave as it is" },
  narrowProblemTitle: { vi: "Chưa lưu được", en: "Nothing was saved" },
  required_scope_missing: {
    vi: "Ứng dụng không hoạt động được nếu thiếu quyền bắt buộc. Hãy giữ các quyền đó, hoặc thu hồi toàn bộ quyền.",
    en: "The app cannot work without its required permissions. Keep them, or revoke the access altogether.",
  },
  no_scope_left: {
    vi: "Hãy giữ ít nhất một quyền. Nếu ứng dụng không cần gì nữa, hãy thu hồi toàn bộ quyền.",
    en: "Keep at least one permission. If the app needs nothing any more, revoke its access altogether.",
  },
  no_account_chosen: {
    vi: "Hãy chọn ít nhất một tài khoản, hoặc chọn “Tất cả tài khoản”.",
    en: "Choose at least one account, or choose “All accounts”.",
  },
  changed_meanwhile: {
    vi: "Quyền của ứng dụng đã thay đổi ở một trang khác sau khi bạn mở trang này. Hãy xem lại lựa chọn bên dưới rồi lưu lần nữa.",
    en: "The app's access was changed on another page after you opened this one. Check the choices below and save again.",
  },
  doneNarrowed: {
    vi: "Đã lưu. Quyền mới có hiệu lực ngay với mọi phiên kết nối của ứng dụng.",
    en: "Saved. The new limits already hold for every connection of the app.",
  },
  doneUnchanged: {
    vi: "Không có gì thay đổi: quyền của ứng dụng vẫn đúng như bạn đã chọn.",
    en: "Nothing changed: the app's access is already as you chose.",
  },
  doneEnded: {
    vi: "Quyền của ứng dụng đã được thu hồi trước đó, nên không còn gì để thu hẹp.",
    en: "The access was revoked before, so there was nothing left to limit.",
  },
} satisfies Catalogue
