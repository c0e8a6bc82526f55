<?php
// A webhook receiver on PHP 8.1 or newer, with PDO only: verifies, stores once, answers, and works afterwards.
// WEBHOOK_SECRET=whsec_… php -S 127.0.0.1:8080 receiver.php     While a secret is rolled: both, separated by a space.
declare(strict_types=1);
// Where PHP shows its errors, a failure goes out with status 200, which is not sent again; without, with 500, which is.
ini_set('display_errors', '0');

/** The signature is over the bytes as they came. Of a multipart body PHP keeps only the fields; their form is signed. */
function signedBytes(): string
{
    $isMultipart = str_starts_with($_SERVER['CONTENT_TYPE'] ?? '', 'multipart/form-data');
    return $isMultipart ? http_build_query($_POST) : file_get_contents('php://input');
}

function isGenuine(string $signed): bool
{
    $timestamp = $_SERVER['HTTP_X_SEPAY_TIMESTAMP'] ?? '';
    $signature = $_SERVER['HTTP_X_SEPAY_SIGNATURE'] ?? '';
    if (!preg_match('/^\d{1,12}$/D', $timestamp) || abs(time() - (int) $timestamp) > 300) {
        return false;
    }
    $secrets = preg_split('/ +/', (string) getenv('WEBHOOK_SECRET'), flags: PREG_SPLIT_NO_EMPTY);
    foreach ($secrets as $secret) {
        $expected = 'sha256=' . hash_hmac('sha256', "$timestamp.$signed", $secret);
        if (hash_equals($expected, $signature)) {
            return true;
        }
    }
    return false;
}

function answer(int $status, bool $success): void
{
    $content = json_encode(['success' => $success]);
    http_response_code($status);
    header('Content-Type: application/json');
    header('Content-Length: ' . strlen($content));
    echo $content;
    // Under PHP-FPM the answer goes out here, and the work below keeps nobody waiting.
    if (function_exists('fastcgi_finish_request')) {
        fastcgi_finish_request();
    }
}

/** Your own work: mark the order as paid, send the mail. */
function work(array $payment): void
{
    $code = $payment['code'] ?? 'without code';
    error_log("payment {$payment['id']}: {$payment['transferType']} {$payment['transferAmount']} $code");
}

$body = signedBytes();
if (!isGenuine($body)) {
    answer(401, false);
    return;
}
$isJson = str_starts_with($_SERVER['CONTENT_TYPE'] ?? '', 'application/json');
$payment = $isJson ? json_decode($body, true, flags: JSON_THROW_ON_ERROR) : $_POST;
$id = (int) $payment['id'];

$database = new PDO('sqlite:' . (getenv('DATABASE') ?: __DIR__ . '/payments.db'));
$database->exec('create table if not exists payments (id integer primary key, body text not null, done integer default 0)');
$insert = $database->prepare('insert or ignore into payments (id, body) values (?, ?)');
// A test send has id 0 and is no payment. An id that is known changes nothing, and is a success all the same.
$isNew = $id !== 0 && $insert->execute([$id, json_encode($payment)]) && $insert->rowCount() === 1;
answer(200, true);

if ($isNew) {
    work($payment);
    // Rows that stay undone after a crash are for a cron job.
    $database->prepare('update payments set done = 1 where id = ?')->execute([$id]);
}
