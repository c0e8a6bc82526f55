import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** What can be wrong with the fields of an app. contract/oauth.md §15. */
export const appFaultMessages = {
  nameLength: { vi: "Tên cần từ 3 đến 100 ký tự.", en: "The name takes 3 to 100 characters." },
  nameCharacters: {
    vi: "Tên có ký tự điều khiển hoặc ký tự đổi chiều chữ. Hãy gõ lại tên.",
    en: "The name has a control character, or one that turns the direction of text. Type it anew.",
  },
  descriptionLength: { vi: "Mô tả dài tối đa 500 ký tự.", en: "The description takes 500 characters at most." },
  descriptionCharacters: {
    vi: "Mô tả có ký tự điều khiển hoặc ký tự đổi chiều chữ. Hãy gõ lại.",
    en: "The description has a control character, or one that turns the direction of text. Type it anew.",
  },
  website: {
    vi: "Trang web cần là một địa chỉ https đầy đủ, dài tối đa 500 ký tự, ví dụ https://shop.example.",
    en: "The website takes a whole https address of at most 500 characters, such as https://shop.example.",
  },
  websiteNeeded: {
    vi: "Cần có trang web để gửi duyệt: người duyệt xem ở đó ứng dụng là của ai.",
    en: "A website is needed for the review: it shows the operator whose app this is.",
  },
  logoUrl: {
    vi: "Logo cần là một địa chỉ https đầy đủ, dài tối đa 500 ký tự.",
    en: "The logo takes a whole https address of at most 500 characters.",
  },
  logoUnreachable: {
    vi: "Không tải được logo từ địa chỉ này. Địa chỉ phải mở được từ Internet, với chứng chỉ hợp lệ.",
    en: "The logo cannot be fetched from this address. It must be open to the Internet, with a valid certificate.",
  },
  logoStatus: phrase<number>(
    (status) =>
      `Máy chủ của logo trả lời mã ${status} thay vì 200.${status >= 300 && status < 400 ? " Hãy dùng địa chỉ cuối cùng, không qua chuyển hướng." : ""}`,
    (status) =>
      `The logo's server answered ${status} instead of 200.${status >= 300 && status < 400 ? " Give the final address: redirects are not followed." : ""}`,
  ),
  logoTooLarge: { vi: "Logo lớn hơn 256 KiB.", en: "The logo is larger than 256 KiB." },
  logoNoImage: {
    vi: "Tệp ở địa chỉ này không phải ảnh PNG, JPEG hay WebP.",
    en: "What is at this address is no PNG, JPEG or WebP picture.",
  },
  logoDimensions: phrase<{ readonly width: number; readonly height: number }>(
    ({ width, height }) =>
      `Logo có kích thước ${width} × ${height}. Mỗi cạnh cần từ 32 đến 2048 điểm ảnh, cạnh dài không quá 4 lần cạnh ngắn.`,
    ({ width, height }) =>
      `The logo measures ${width} × ${height}. Each side takes 32 to 2048 pixels, the longer one at most 4 times the shorter.`,
  ),
  uriCount: { vi: "Cần từ 1 đến 10 redirect URI, mỗi dòng một URI.", en: "Give 1 to 10 redirect URIs, one a line." },
  uriAllRemoved: {
    vi: "Hãy giữ ít nhất một redirect URI đang dùng cho đến khi URI mới được duyệt, nếu không ứng dụng sẽ ngừng hoạt động.",
    en: "Keep at least one redirect URI that is live until the new ones are approved, or the app would stop working.",
  },
  uriRepeated: { vi: "URI này có hai lần.", en: "This URI is there twice." },
  uriTooLong: phrase<number>(
    (length) => `URI dài ${length} ký tự; tối đa là 2000.`,
    (length) => `It has ${length} characters; 2000 is the most.`,
  ),
  uriSpace: phrase<number>(
    (position) => `Ký tự thứ ${position} là dấu cách hoặc ký tự ẩn. Nếu cần, hãy viết dấu cách là %20.`,
    (position) => `Character ${position} is a space or an invisible one. If it is meant, write a space as %20.`,
  ),
  uriCharacter: phrase<{ readonly position: number; readonly character: string }>(
    ({ position, character }) =>
      `Ký tự thứ ${position}, “${character}”, không được có trong URI. Chữ có dấu phải viết dạng %-mã hóa.`,
    ({ position, character }) =>
      `Character ${position}, “${character}”, may not stand in a URI. Letters outside ASCII must be percent-encoded.`,
  ),
  uriNotAbsolute: {
    vi: "Đây chưa phải URI đầy đủ: cần bắt đầu bằng https:// và tên máy chủ.",
    en: "This is not a whole URI: begin with https:// and the host.",
  },
  uriFragment: phrase<number>(
    (position) => `Phần từ dấu # (ký tự thứ ${position}) không được phép: trình duyệt không gửi phần đó đến máy chủ.`,
    (position) => `The part from # on (character ${position}) is not allowed: browsers do not send it to a server.`,
  ),
  uriUserInformation: phrase<string>(
    (part) => `“${part}” trước tên máy chủ không được phép: URI không được chứa tên đăng nhập hay mật khẩu.`,
    (part) => `“${part}” before the host is not allowed: no user name or password in a URI.`,
  ),
  uriWildcard: phrase<number>(
    (position) => `Dấu * (ký tự thứ ${position}) không được phép: hãy đăng ký từng URI đầy đủ.`,
    (position) => `The * (character ${position}) is not allowed: register each URI in full.`,
  ),
  uriQueryName: phrase<string>(
    (name) => `Tham số “${name}” trong query trùng với tham số mà câu trả lời sẽ thêm vào. Hãy đổi tên tham số.`,
    (name) => `The query has a parameter “${name}”, which our answer adds itself. Give it another name.`,
  ),
  uriHttpHost: phrase<string>(
    (host) => `http chỉ được dùng với localhost, 127.0.0.1 và [::1], không phải “${host}”. Hãy dùng https.`,
    (host) => `http is for localhost, 127.0.0.1 and [::1] alone, not for “${host}”. Use https.`,
  ),
  uriScheme: phrase<string>(
    (scheme) =>
      `Giao thức “${scheme}:” không dùng được trong cấu hình sepay. Ứng dụng di động hãy chọn cấu hình oauth21.`,
    (scheme) => `The scheme “${scheme}:” does not go with the profile sepay. A mobile app takes the profile oauth21.`,
  ),
  uriSchemeWithoutDot: phrase<string>(
    (scheme) => `Giao thức riêng “${scheme}:” cần có dấu chấm, như tên miền viết ngược: vn.shop.app:/callback.`,
    (scheme) => `The custom scheme “${scheme}:” needs a dot, like your domain in reverse: vn.shop.app:/callback.`,
  ),
  scopesNone: { vi: "Hãy chọn ít nhất một quyền.", en: "Choose at least one permission." },
  scopesUnknown: { vi: "Có quyền không tồn tại.", en: "There is a scope that does not exist." },
  scopesBoth: {
    vi: "Một quyền vừa bắt buộc vừa tùy chọn.",
    en: "A scope is both required and optional.",
  },
  scopesAllRemoved: {
    vi: "Hãy giữ ít nhất một quyền đang dùng cho đến khi quyền mới được duyệt.",
    en: "Keep at least one scope that is live until the new ones are approved.",
  },
  profileUnknown: { vi: "Hãy chọn sepay hoặc oauth21.", en: "Choose sepay or oauth21." },
  profileUnavailable: {
    vi: "Cấu hình fapi2 chưa có. Hãy chọn sepay hoặc oauth21.",
    en: "The profile fapi2 is not available yet: use sepay or oauth21.",
  },
  clientTypeUnknown: { vi: "Hãy chọn loại ứng dụng.", en: "Choose confidential or public." },
  clientTypeNeedsOauth21: {
    vi: "Ứng dụng công khai cần cấu hình oauth21.",
    en: "A public client needs the profile oauth21.",
  },
  legacySepayOnly: {
    vi: "Mã lỗi kiểu cũ chỉ có trong cấu hình sepay.",
    en: "Legacy token errors exist in the profile sepay only.",
  },
} satisfies Catalogue
