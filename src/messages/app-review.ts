import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** The operator's review of apps. contract/oauth.md §15. */
export const appReviewMessages = {
  title: { vi: "Duyệt ứng dụng", en: "App reviews" },
  lead: {
    vi: "Ứng dụng và thay đổi đang chờ quyết định, chờ lâu nhất ở trên.",
    en: "Apps and changes that wait for a decision, the longest waiting first.",
  },
  filters: { vi: "Lọc theo trạng thái", en: "Filter by state" },
  review: { vi: "Chờ quyết định", en: "To decide" },
  all: { vi: "Tất cả", en: "All" },
  search: { vi: "Tìm ứng dụng", en: "Find an app" },
  searchHint: {
    vi: "Một phần của tên, hoặc đúng client_id hay e-mail của chủ ứng dụng.",
    en: "Part of a name, or a whole client_id or e-mail of an owner.",
  },
  find: { vi: "Tìm", en: "Find" },
  emptyQueueTitle: { vi: "Không còn gì chờ duyệt", en: "Nothing waits" },
  emptyQueue: {
    vi: "Khi có ứng dụng hoặc thay đổi được gửi duyệt, chúng hiện ở đây.",
    en: "Apps and changes that are submitted appear here.",
  },
  emptyTitle: { vi: "Không tìm thấy ứng dụng nào", en: "No apps found" },
  empty: { vi: "Hãy thử trạng thái khác hoặc từ khóa khác.", en: "Try another state or other words." },
  showAll: { vi: "Xem tất cả", en: "Show all" },
  app: { vi: "Ứng dụng", en: "App" },
  company: { vi: "Công ty", en: "Company" },
  owner: { vi: "Chủ ứng dụng", en: "Owner" },
  state: { vi: "Trạng thái", en: "State" },
  waitingSince: { vi: "Chờ từ", en: "Waiting since" },
  registered: { vi: "Đăng ký", en: "Registered" },
  changes: { vi: "Thay đổi", en: "Changes" },
  more: { vi: "Trang sau", en: "Next page" },
  back: { vi: "Về danh sách", en: "Back to the list" },
  now: { vi: "Ứng dụng", en: "The app" },
  nowApproved: { vi: "Đang dùng", en: "Live now" },
  scopes: { vi: "Quyền xin", en: "Permissions it asks for" },
  redirectUris: { vi: "Redirect URI", en: "Redirect URIs" },
  legacy: { vi: "Mã lỗi 401 kiểu cũ", en: "Legacy 401 errors" },
  yes: { vi: "Có", en: "Yes" },
  no: { vi: "Không", en: "No" },
  access: { vi: "Đang kết nối", en: "Connected" },
  accessText: phrase<{ readonly grants: string; readonly families: string }>(
    ({ grants, families }) => `${grants} người dùng đã cấp quyền, ${families} phiên còn hiệu lực`,
    ({ grants, families }) => `users who gave access: ${grants}, live connections: ${families}`,
  ),
  pendingTitle: { vi: "Thay đổi chờ duyệt", en: "Changes to decide on" },
  pendingRejectedTitle: { vi: "Thay đổi đã bị từ chối", en: "Changes that were turned down" },
  decide: { vi: "Quyết định", en: "Decide" },
  decideApp: {
    vi: "Duyệt xong, mọi công ty đều kết nối được ứng dụng này.",
    en: "Once approved, every company can connect the app.",
  },
  decideChanges: {
    vi: "Duyệt xong, những gì ghi ở “Sau khi duyệt” và “Thêm mới” có hiệu lực ngay. Từ chối thì ứng dụng vẫn chạy như hiện tại.",
    en: "Once approved, what stands under “After approval” and “New” holds at once. Turned down, the app goes on as it is.",
  },
  decideEndsTokens: {
    vi: "Cấu hình bảo mật hoặc loại ứng dụng sẽ đổi: duyệt xong, mọi token của ứng dụng kết thúc và người dùng phải kết nối lại.",
    en: "The security profile or the type of app changes: with the approval all its tokens end, and users have to connect again.",
  },
  approve: { vi: "Duyệt", en: "Approve" },
  approveChanges: { vi: "Duyệt thay đổi", en: "Approve the changes" },
  reject: { vi: "Từ chối", en: "Turn down" },
  reason: { vi: "Lý do", en: "Reason" },
  reasonHint: {
    vi: "Chủ ứng dụng đọc lý do này trên trang ứng dụng và trong e-mail. Từ 1 đến 500 ký tự.",
    en: "The owner reads it on the app's page and in a mail. 1 to 500 characters.",
  },
  reasonProblem: { vi: "Hãy ghi lý do, từ 1 đến 500 ký tự.", en: "Give a reason of 1 to 500 characters." },
  suspendTitle: { vi: "Tạm ngưng", en: "Suspend" },
  suspendText: {
    vi: "Ngừng ngay mọi kết nối của ứng dụng. Mở lại được bất cứ lúc nào.",
    en: "Stops every connection of the app at once. It can be undone at any time.",
  },
  suspendAction: { vi: "Tạm ngưng…", en: "Suspend…" },
  suspendAsk: phrase<string>(
    (app) => `Tạm ngưng ${app}?`,
    (app) => `Suspend ${app}?`,
  ),
  suspendEffect: phrase<{ readonly grants: string; readonly families: string }>(
    ({ grants, families }) =>
      `${grants} người dùng đã cấp quyền và ${families} phiên đang hoạt động ngừng ngay: mọi token bị từ chối.`,
    ({ grants, families }) =>
      `${grants} users gave access and ${families} live connections stop at once: every token is refused.`,
  ),
  suspendEffectNew: { vi: "Không ai kết nối mới được.", en: "Nobody can connect it anew." },
  suspendEffectKept: {
    vi: "Quyền đã cấp không mất: khi mở lại, token còn hạn dùng được tiếp.",
    en: "No access is lost: once reinstated, tokens that have not expired work again.",
  },
  suspend: { vi: "Tạm ngưng ứng dụng", en: "Suspend the app" },
  cancel: { vi: "Không tạm ngưng", en: "Do not suspend" },
  reinstateTitle: { vi: "Mở lại", en: "Reinstate" },
  reinstateText: {
    vi: "Ứng dụng trở lại trạng thái đã duyệt; token còn hạn dùng được tiếp.",
    en: "The app is approved again; tokens that have not expired work again.",
  },
  reinstate: { vi: "Mở lại ứng dụng", en: "Reinstate the app" },
  nothingToDecide: {
    vi: "Chủ ứng dụng chưa gửi duyệt, nên chưa có gì để quyết định.",
    en: "The owner has not submitted it, so there is nothing to decide.",
  },
  changedMeanwhile: {
    vi: "Ứng dụng đã thay đổi từ lúc bạn mở trang, nên quyết định của bạn chưa được thực hiện. Dưới đây là bản mới nhất: hãy xem lại rồi quyết định.",
    en: "The app has changed since you opened the page, so your decision was not carried out. This is how it is now: look again, then decide.",
  },
  notPossible: {
    vi: "Trạng thái hiện tại của ứng dụng không có bước này. Chưa có gì được thực hiện.",
    en: "The app's state has no such step. Nothing was done.",
  },
  doneApprove: { vi: "Đã duyệt.", en: "Approved." },
  doneReject: {
    vi: "Đã từ chối. Chủ ứng dụng được báo lý do qua e-mail.",
    en: "Turned down. The owner gets the reason by e-mail.",
  },
  doneSuspend: { vi: "Đã tạm ngưng ứng dụng.", en: "The app is suspended." },
  doneReinstate: { vi: "Đã mở lại ứng dụng.", en: "The app is reinstated." },
} satisfies Catalogue

/** The operator's signing keys. contract/oauth.md §11. */
export const signingKeyMessages = {
  title: { vi: "Khóa ký", en: "Signing keys" },
  lead: {
    vi: "Khóa ký access token. Ứng dụng tải khóa công khai tại /oauth/jwks.json.",
    en: "They sign the access tokens. Apps fetch the public keys at /oauth/jwks.json.",
  },
  kid: { vi: "Mã khóa (kid)", en: "Key id (kid)" },
  algorithm: { vi: "Thuật toán", en: "Algorithm" },
  state: { vi: "Trạng thái", en: "State" },
  since: { vi: "Từ", en: "Since" },
  tokensUntil: { vi: "Token còn hiệu lực đến", en: "Its tokens hold until" },
  step: { vi: "Thao tác", en: "Step" },
  next: { vi: "Kế tiếp", en: "Next" },
  active: { vi: "Đang ký", en: "Active" },
  retired: { vi: "Đã nghỉ", en: "Retired" },
  burned: { vi: "Đã hủy", en: "Burned" },
  signing: { vi: "Đang ký token mới", en: "It signs new ones" },
  none: { vi: "Không còn token nào", en: "None any more" },
  failed: { vi: "Mọi token bị từ chối", en: "All are refused" },
  neverSigned: { vi: "Chưa ký token nào", en: "It has signed none" },
  publishAction: { vi: "Công bố khóa kế tiếp…", en: "Publish the next key…" },
  switchAction: { vi: "Chuyển sang khóa kế tiếp…", en: "Switch to the next key…" },
  waitNote: {
    vi: "Khóa kế tiếp phải được công bố đủ 24 giờ trước khi ký, vì ứng dụng giữ danh sách khóa trong bộ nhớ đệm.",
    en: "The next key must be public for 24 hours before it signs, since apps keep the list for a while.",
  },
  waitUntil: { vi: "Có thể chuyển khóa từ", en: "The switch is possible from" },
  publishAsk: { vi: "Công bố khóa kế tiếp?", en: "Publish the next key?" },
  publishText: {
    vi: "Một khóa mới được tạo và công bố. Sau 24 giờ, nó được phép ký. Token hiện có không bị ảnh hưởng.",
    en: "A new key is made and published. After 24 hours it may sign. Tokens that are out are not touched.",
  },
  publish: { vi: "Công bố khóa mới", en: "Publish a new key" },
  switchAsk: { vi: "Chuyển sang khóa kế tiếp?", en: "Switch to the next key?" },
  switchText: {
    vi: "Từ bây giờ khóa kế tiếp ký token mới. Khóa hiện tại vẫn được công bố đến khi token cuối cùng của nó hết hạn, nên không ai bị gián đoạn.",
    en: "From now on the next key signs. The present one stays published until its last token has expired, so nobody is interrupted.",
  },
  switch: { vi: "Chuyển khóa", en: "Switch" },
  burnAction: { vi: "Hủy khóa…", en: "Burn…" },
  burnLabel: phrase<string>(
    (kid) => `Hủy khóa… ${kid}`,
    (kid) => `Burn… ${kid}`,
  ),
  burnAsk: { vi: "Hủy khóa này?", en: "Burn this key?" },
  burnWhen: {
    vi: "Chỉ dùng khi khóa riêng bị lộ: kẻ có khóa có thể tự tạo token cho mọi ứng dụng.",
    en: "For when the private key has leaked: whoever has it can make tokens for every app.",
  },
  burnEffectTokens: {
    vi: "Mọi access token đã ký bằng khóa này bị từ chối ngay, ở mọi máy chủ.",
    en: "Every access token that it signed is refused at once, on every server.",
  },
  burnEffectApps: {
    vi: "Ứng dụng làm mới token bằng refresh token như bình thường; người dùng không phải cấp quyền lại.",
    en: "Apps get new ones by their refresh tokens as usual; no user has to give access again.",
  },
  burnEffectFresh: {
    vi: "Một khóa mới ký ngay lập tức.",
    en: "A fresh key signs immediately.",
  },
  burnEffectUnpublished: { vi: "Khóa biến mất khỏi /oauth/jwks.json.", en: "The key leaves /oauth/jwks.json." },
  burnNoUndo: { vi: "Không thể hoàn tác.", en: "It cannot be undone." },
  burnType: { vi: "Nhập lại mã khóa để xác nhận", en: "Type the key id to confirm" },
  burnTypeProblem: { vi: "Mã khóa chưa đúng.", en: "That is not the key id." },
  burn: { vi: "Hủy khóa", en: "Burn the key" },
  keep: { vi: "Quay lại", en: "Go back" },
  donePublished: {
    vi: "Đã công bố khóa kế tiếp. Sau 24 giờ có thể chuyển sang khóa này.",
    en: "The next key is published. In 24 hours you can switch to it.",
  },
  doneRotated: { vi: "Khóa kế tiếp đang ký.", en: "The next key signs now." },
  doneBurned: { vi: "Đã hủy khóa.", en: "The key is burned." },
  doneBurnedFresh: { vi: "Đã hủy khóa. Một khóa mới đang ký.", en: "The key is burned. A fresh one signs." },
  notDone: {
    vi: "Các khóa đã thay đổi từ lúc bạn mở trang, hoặc chưa đến lúc cho bước này. Chưa có gì được thực hiện.",
    en: "The keys have changed since you opened the page, or it is too early for this step. Nothing was done.",
  },
} satisfies Catalogue
