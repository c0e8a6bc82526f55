import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** States of an app. contract/oauth.md §15. */
export const appStateMessages = {
  draft: { vi: "Bản nháp", en: "Draft" },
  pending_review: { vi: "Đang chờ duyệt", en: "In review" },
  approved: { vi: "Đã duyệt", en: "Approved" },
  rejected: { vi: "Chưa được duyệt", en: "Not approved" },
  suspended: { vi: "Bị tạm ngưng", en: "Suspended" },
} satisfies Catalogue

/** What an app's fields are called where they are shown. */
export const appFieldMessages = {
  name: { vi: "Tên", en: "Name" },
  description: { vi: "Mô tả", en: "Description" },
  website: { vi: "Trang web", en: "Website" },
  logo: { vi: "Logo", en: "Logo" },
  profile: { vi: "Cấu hình bảo mật", en: "Security profile" },
  clientType: { vi: "Loại ứng dụng", en: "Type of app" },
  redirectUri: { vi: "Redirect URI", en: "Redirect URI" },
  scope: { vi: "Quyền", en: "Permission" },
  confidential: { vi: "Có máy chủ (confidential)", en: "With a server (confidential)" },
  public: { vi: "Không có máy chủ (public)", en: "Without a server (public)" },
  required: { vi: "bắt buộc", en: "required" },
  optional: { vi: "tùy chọn", en: "optional" },
  none: { vi: "Không có", en: "None" },
  now: { vi: "Đang dùng", en: "Live now" },
  after: { vi: "Sau khi duyệt", en: "After approval" },
  added: { vi: "Thêm mới", en: "New" },
} satisfies Catalogue

/** The developer's pages about apps. */
export const appPageMessages = {
  listTitle: { vi: "Ứng dụng của tôi", en: "My applications" },
  listLead: {
    vi: "Đăng ký ứng dụng để khách hàng kết nối với SePay và cho phép ứng dụng xem giao dịch của họ.",
    en: "Register an app so that merchants can connect it and let it see their transactions.",
  },
  register: { vi: "Đăng ký ứng dụng mới", en: "Register an app" },
  emptyTitle: { vi: "Chưa có ứng dụng nào", en: "No apps yet" },
  empty: {
    vi: "Đăng ký mất chừng một phút: đặt tên, ghi redirect URI, chọn quyền. Bạn dùng thử được ngay với tài khoản của công ty mình, chưa cần duyệt.",
    en: "It takes a minute: a name, a redirect URI, the permissions. You can try it at once with your own company's accounts, before any review.",
  },
  open: { vi: "Mở", en: "Open" },
  older: { vi: "Các ứng dụng cũ hơn", en: "Older apps" },
  hasPending: { vi: "Có thay đổi chờ duyệt", en: "Changes in review" },
  registered: { vi: "Đăng ký", en: "Registered" },
  newTitle: { vi: "Đăng ký ứng dụng", en: "Register an app" },
  tooMany: phrase<number>(
    (most) =>
      `Công ty đã có ${most} ứng dụng, là số tối đa. Hãy xóa một ứng dụng không dùng nữa, hoặc nhờ người vận hành đăng ký giúp.`,
    (most) =>
      `Your company has ${most} apps, which is the most it may have. Delete one that is no longer used, or ask the operator to register it.`,
  ),
  newLead: {
    vi: "Mọi thứ ở đây đều sửa được về sau. Ứng dụng bắt đầu ở dạng bản nháp: chỉ người trong công ty bạn kết nối được.",
    en: "All of this can be changed later. The app starts as a draft, which only people of your own company can connect.",
  },
  clientId: { vi: "client_id", en: "client_id" },
  profile: { vi: "Cấu hình bảo mật", en: "Security profile" },
  changedAt: { vi: "Sửa gần nhất", en: "Last changed" },
  access: { vi: "Kết nối đang có", en: "Connected" },
  accessText: phrase<{ readonly grants: string; readonly families: string }>(
    ({ grants, families }) => `${grants} người dùng đã cấp quyền, ${families} phiên còn hiệu lực`,
    ({ grants, families }) => `users who gave access: ${grants}, live connections: ${families}`,
  ),
  editTitle: { vi: "Thông tin và cài đặt", en: "Details and settings" },
  editApproved: {
    vi: "Ứng dụng đã duyệt: tên, trang web, logo, cấu hình bảo mật, redirect URI và quyền mới phải được duyệt trước khi có hiệu lực; những gì đang dùng vẫn giữ nguyên. Xóa bớt, mô tả và các công tắc có hiệu lực ngay.",
    en: "The app is approved: a new name, website, logo, security profile, redirect URI or permission holds once it is approved, and what is live stays. Removals, the description and the switches hold at once.",
  },
  editTokens: {
    vi: "Đổi cấu hình bảo mật hoặc loại ứng dụng sẽ kết thúc mọi token đang có.",
    en: "A change of the security profile or the type of app ends all its tokens.",
  },
  stateTitle: phrase<string>(
    (state) => `Trạng thái: ${state}`,
    (state) => `State: ${state}`,
  ),
  draftText: {
    vi: "Người dùng trong công ty bạn kết nối được ngay để chạy thử. Công ty khác chưa kết nối được.",
    en: "People of your own company can connect it at once, to try it out. Other companies cannot yet.",
  },
  draftNext: {
    vi: "Khi ứng dụng đã sẵn sàng, hãy gửi duyệt. Trong lúc chờ, bạn vẫn dùng thử được.",
    en: "Submit it for review when it is ready. You can go on trying it out meanwhile.",
  },
  pendingText: {
    vi: "Người vận hành đang xem ứng dụng. Kết quả sẽ được gửi qua e-mail. Người trong công ty bạn vẫn kết nối được.",
    en: "The operator is looking at the app. You get the result by e-mail. People of your own company can still connect it.",
  },
  pendingNext: {
    vi: "Bạn vẫn sửa được: người duyệt luôn xem bản mới nhất.",
    en: "You can still change it: the operator always sees the newest state.",
  },
  approvedText: {
    vi: "Mọi công ty trên SePay đều kết nối được.",
    en: "Every company on SePay can connect it.",
  },
  rejectedText: {
    vi: "Người vận hành chưa duyệt ứng dụng. Người trong công ty bạn vẫn kết nối được.",
    en: "The operator did not approve the app. People of your own company can still connect it.",
  },
  rejectedNext: {
    vi: "Hãy sửa theo lý do trên rồi gửi duyệt lại.",
    en: "Mend what the reason names and submit it again.",
  },
  suspendedText: {
    vi: "Không ai kết nối được và mọi token bị từ chối, cho đến khi người vận hành mở lại.",
    en: "Nobody can connect it and its tokens are refused, until the operator lets it go on.",
  },
  suspendedNext: {
    vi: "Hãy liên hệ người vận hành. Quyền đã cấp không mất: khi mở lại, token còn hạn dùng được tiếp.",
    en: "Contact the operator. No access is lost: once it goes on, tokens that have not expired work again.",
  },
  reason: { vi: "Lý do", en: "Reason" },
  submit: { vi: "Gửi duyệt", en: "Submit for review" },
  submitAgain: { vi: "Gửi duyệt lại", en: "Submit again" },
  withdraw: { vi: "Rút lại", en: "Withdraw" },
  changesTitle: { vi: "Thay đổi đang chờ duyệt", en: "Changes in review" },
  changesText: {
    vi: "Ứng dụng vẫn chạy với những gì ghi ở “Đang dùng” cho đến khi được duyệt.",
    en: "The app goes on with what stands under “Live now” until they are approved.",
  },
  changesRejectedTitle: { vi: "Thay đổi chưa được duyệt", en: "Changes that were not approved" },
  changesRejectedText: {
    vi: "Ứng dụng vẫn chạy như trước. Hãy sửa trong biểu mẫu bên dưới: khi lưu, thay đổi được gửi duyệt lại.",
    en: "The app works as before. Mend them in the form below: saving sends them again.",
  },
  withdrawChanges: { vi: "Bỏ các thay đổi này", en: "Drop these changes" },
  testTitle: { vi: "Chạy thử trước khi duyệt", en: "Try it before the review" },
  testText: {
    vi: "Đăng nhập bằng người dùng của chính công ty bạn rồi kết nối ứng dụng. Nếu công ty có tài khoản thử nghiệm, trang cấp quyền cho chọn “Dữ liệu thử nghiệm”: token khi đó chỉ thấy tài khoản và giao dịch thử nghiệm, tiền không có thật.",
    en: "Sign in as a user of your own company and connect the app. If the company has test accounts, the consent page offers “Test data”: the token then sees test accounts and transactions only, with invented money.",
  },
  callTitle: { vi: "Gọi API", en: "Call the API" },
  callText: {
    vi: "Chạy thử trọn luồng cấp quyền ngay trong trình duyệt, hoặc chép mã mẫu đã điền sẵn thông số và chạy trên máy bạn.",
    en: "Try the whole flow here in the browser, or copy sample code with your values filled in and run it on your machine.",
  },
  websiteFirst: {
    vi: "Để gửi duyệt, ứng dụng cần có trang web: người duyệt xem ở đó ứng dụng là của ai.",
    en: "The review needs the app's website: the operator looks there who is behind it.",
  },
  websiteWrite: { vi: "Ghi trang web", en: "Enter the website" },
  websiteMissing: {
    vi: "Chưa gửi duyệt được: ứng dụng chưa có trang web. Hãy ghi trang web, lưu, rồi gửi duyệt.",
    en: "Not submitted yet: the app has no website. Enter it, save, and submit again.",
  },
  testAccounts: { vi: "Tài khoản của công ty", en: "Your company's accounts" },
  tryIt: { vi: "Chạy thử trong trình duyệt", en: "Try it in the browser" },
  quickStart: { vi: "Mã mẫu với thông số của bạn", en: "Sample code with your own values" },
  deleteTitle: { vi: "Xóa ứng dụng", en: "Delete the app" },
  deleteText: {
    vi: "Mọi quyền đã cấp và mọi token kết thúc ngay. Không thể hoàn tác.",
    en: "All access that was given and all tokens end at once. This cannot be undone.",
  },
  deleteAction: { vi: "Xóa ứng dụng…", en: "Delete the app…" },
  deleteAsk: phrase<string>(
    (app) => `Xóa ${app}?`,
    (app) => `Delete ${app}?`,
  ),
  deleteEffects: { vi: "Điều sẽ xảy ra", en: "What will happen" },
  deleteEffectAccess: phrase<{ readonly grants: string; readonly families: string }>(
    ({ grants, families }) => `Quyền của ${grants} người dùng và ${families} phiên đang hoạt động kết thúc ngay.`,
    ({ grants, families }) => `All access ends at once: users who gave it: ${grants}, live connections: ${families}.`,
  ),
  deleteEffectSecrets: {
    vi: "client_id và mọi mã bí mật không dùng được nữa, và không bao giờ được cấp lại.",
    en: "Its client_id and secrets stop working, and are never given out again.",
  },
  deleteEffectWebhooks: {
    vi: "Webhook mà ứng dụng đã tạo thuộc về khách hàng và được giữ lại.",
    en: "Webhooks that the app made belong to the merchants and stay.",
  },
  deleteConfirm: { vi: "Xóa vĩnh viễn", en: "Delete for good" },
  keep: { vi: "Giữ lại", en: "Keep it" },
  doneCreated: { vi: "Đã đăng ký ứng dụng.", en: "The app is registered." },
  doneSaved: { vi: "Đã lưu thay đổi.", en: "The changes are saved." },
  doneWaits: {
    vi: "Đã lưu. Phần cần duyệt đang chờ người vận hành; phần còn lại đã có hiệu lực.",
    en: "Saved. What needs a review waits for the operator; the rest holds already.",
  },
  doneTokensEnded: {
    vi: "Đã lưu thay đổi. Mọi token của ứng dụng đã kết thúc: người dùng cần kết nối lại.",
    en: "The changes are saved. All tokens of the app have ended: users have to connect again.",
  },
  doneSubmitted: {
    vi: "Đã gửi duyệt. Chúng tôi sẽ báo kết quả qua e-mail.",
    en: "Submitted for review. We will write to you when it is decided.",
  },
  doneWithdrawn: { vi: "Đã rút lại.", en: "Withdrawn." },
  doneDeleted: {
    vi: "Đã xóa ứng dụng. Mọi quyền và token của nó đã kết thúc.",
    en: "The app is deleted. All its access and tokens have ended.",
  },
  stepNotPossible: {
    vi: "Trạng thái ứng dụng đã đổi từ lúc bạn mở trang, nên chưa có gì được thực hiện. Dưới đây là trạng thái hiện tại.",
    en: "The app's state has changed since you opened the page, so nothing was done. This is how it is now.",
  },
  changedMeanwhile: {
    vi: "Ứng dụng đã được sửa ở nơi khác từ lúc bạn mở biểu mẫu, nên chưa có gì được lưu. Những gì bạn nhập vẫn còn bên dưới. Lưu lần nữa sẽ ghi đè lên bản hiện tại.",
    en: "The app was changed elsewhere since you opened the form, so nothing was saved. What you typed is still below. Saving again overwrites what is there now.",
  },
  changedMeanwhileSee: { vi: "Xem bản hiện tại", en: "See how it is now" },
} satisfies Catalogue

/** The secrets of an app. contract/oauth.md §15, "Secrets". */
export const appSecretMessages = {
  lead: {
    vi: "Máy chủ của bạn chứng minh danh tính bằng client_secret. Tối đa hai mã hoạt động cùng lúc, để bạn thay mã mà không gián đoạn.",
    en: "Your server shows who it is by the client_secret. Two can be active at once, so that you can change it without a gap.",
  },
  madeTitle: { vi: "Hãy lưu mã bí mật này ngay", en: "Keep this secret now" },
  made: {
    vi: "Mã chỉ hiện một lần này. Khi bạn tải lại hoặc rời trang, không ai xem lại được, kể cả chúng tôi.",
    en: "It is shown this once. After a reload or when you leave the page nobody can see it again, not even we.",
  },
  madeKeep: {
    vi: "Cất trong kho bí mật hoặc biến môi trường của máy chủ. Không đưa vào mã nguồn, ứng dụng di động hay trang web.",
    en: "Put it into your server's secret store or environment. Never into source code, a mobile app or a web page.",
  },
  clientSecret: { vi: "client_secret", en: "client_secret" },
  next: { vi: "Bước tiếp theo: mã mẫu", en: "Next: sample code" },
  nextReview: { vi: "Đến trang ứng dụng để gửi duyệt", en: "To the app's page, to submit it for review" },
  listTitle: { vi: "Mã đang hoạt động", en: "Active secrets" },
  createdAt: { vi: "Tạo lúc", en: "Made" },
  expiresAt: { vi: "Hết hạn", en: "Expires" },
  noExpiry: { vi: "Không có hạn", en: "No end" },
  lastUsed: { vi: "Dùng gần nhất", en: "Last used" },
  neverUsed: { vi: "Chưa dùng", en: "Not used yet" },
  from: { vi: "từ", en: "from" },
  expire: { vi: "Hủy ngay", en: "End now" },
  expireLabel: phrase<string>(
    (last) => `Hủy ngay: mã kết thúc bằng ${last}`,
    (last) => `End now: the secret that ends in ${last}`,
  ),
  none: {
    vi: "Ứng dụng không có mã bí mật nào đang hoạt động, nên không lấy được token. Hãy tạo một mã.",
    en: "The app has no active secret, so it cannot get tokens. Make one.",
  },
  publicClient: {
    vi: "Ứng dụng công khai không có mã bí mật: nó chứng minh danh tính bằng PKCE cho từng lần kết nối.",
    en: "A public app has no secret: it proves itself by PKCE for each connection.",
  },
  newTitle: { vi: "Tạo mã mới", en: "Make a new secret" },
  newText: {
    vi: "Tạo mã mới, chuyển máy chủ sang mã mới, rồi mã cũ tự hết hạn.",
    en: "Make a new one, move your servers to it, and the old one ends by itself.",
  },
  oldExpiresIn: { vi: "Mã cũ còn dùng được", en: "The old secret still works for" },
  now: { vi: "Hủy mã cũ ngay", en: "Ends now" },
  hour: { vi: "1 giờ", en: "1 hour" },
  day: { vi: "1 ngày", en: "1 day" },
  days: phrase<number>(
    (count) => `${count} ngày`,
    (count) => `${count} days`,
  ),
  oldHint: {
    vi: "Nếu mã cũ vẫn được dùng, chúng tôi nhắc bạn qua e-mail 3 ngày và 1 ngày trước khi hết hạn.",
    en: "If the old one is still in use, we remind you by e-mail 3 days and 1 day before it ends.",
  },
  make: { vi: "Tạo mã mới", en: "Make a new secret" },
  makeFirst: { vi: "Tạo mã bí mật", en: "Make a secret" },
  problemTwoActive: {
    vi: "Đã có hai mã hoạt động. Hãy hủy một mã trước, hoặc chọn “Hủy mã cũ ngay” để hủy cả hai.",
    en: "Two secrets are active. End one first, or choose “Ends now” to end both.",
  },
  problemOverlap: {
    vi: "Hãy chọn một thời hạn trong danh sách.",
    en: "Choose one of the times in the list.",
  },
  problemMeanwhile: {
    vi: "Một mã mới vừa được tạo ở nơi khác từ lúc bạn mở trang, nên chưa có gì được tạo thêm. Hãy xem lại danh sách.",
    en: "A secret was made elsewhere since you opened the page, so no further one was made. Look at the list again.",
  },
  doneAgain: {
    vi: "Mã đã được tạo và hiện một lần. Nếu bạn chưa kịp lưu, hãy tạo mã khác.",
    en: "The secret was made and shown once. If you did not keep it, make another one.",
  },
  doneExpired: { vi: "Đã hủy mã bí mật.", en: "The secret has ended." },
  expireAsk: phrase<string>(
    (last) => `Hủy mã kết thúc bằng ${last}?`,
    (last) => `End the secret that ends in ${last}?`,
  ),
  expireText: {
    vi: "Máy chủ nào còn dùng mã này sẽ không lấy được token nữa, kể từ yêu cầu kế tiếp. Token đã cấp vẫn dùng đến khi hết hạn.",
    en: "A server that still uses it gets no more tokens, from its next request on. Tokens given out before work until they expire.",
  },
  expireLast: {
    vi: "Đây là mã duy nhất đang hoạt động. Hủy xong, ứng dụng không lấy hay làm mới được token cho đến khi bạn tạo mã khác.",
    en: "It is the only active one. Afterwards the app can neither get nor refresh tokens until you make another.",
  },
  expireConfirm: { vi: "Hủy mã", en: "End it" },
  keep: { vi: "Giữ lại", en: "Keep it" },
} satisfies Catalogue
