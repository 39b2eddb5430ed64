#include "server/api/api.h"

#include "common/crypto/sha256.h"
#include "common/text/join.h"
#include "common/time/now.h"
#include "initscan/model/image_digest.h"
#include "server/api/answers.h"
#include "server/api/audit_answers.h"
#include "server/api/body.h"
#include "server/api/json_answer.h"
#include "server/api/kept_answers.h"
#include "server/api/match.h"
#include "server/api/problem.h"
#include "server/api/search.h"
#include "server/api/search_vulnerability.h"
#include "server/api/target.h"
#include "server/store/audits.h"
#include "server/store/retention.h"

#include <algorithm>
#include <utility>

#include <boost/asio/use_awaitable.hpp>

namespace initscan::server {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr const char* kUnknownRoute = "none";
constexpr std::string_view kNamespace = "namespace";  // a parameter

// A request whose client may ask it.
struct Admitted {
  std::shared_ptr<const ApiParts> parts;
  FoundRoute found;
  Parameters query;
  Identity identity;
  Result<ReportingPod> pod{Error{Errc::not_found, "nobody asked"}};  // of who reports
  std::int64_t audit = 0;                                            // its number, where the path has one
  std::string encoding;                                              // of the body
  std::string if_none_match;
};

// A request under way. A large document is read with a place for it, and nothing is taken of it without.
struct Work {
  Admitted request;
  std::string body;
  std::unique_ptr<LargeDocuments::Place> place{};
  bool wants_place = false;

  std::size_t most() const { return place ? kMaxDocumentBytes : kLargeDocument; }
};

// It has to be asked again, with a place.
HttpResponse ask_for_place(Work& work) {
  work.wants_place = true;
  return {};
}

HttpResponse unauthorized() {
  HttpResponse response =
      problem(401, "want a token that is known here: Authorization: Bearer TOKEN; or a certificate that is");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

HttpResponse too_many() {
  return problem(429, "more requests than one client may have");
}

// Of who asks, or of how often; what else goes wrong is told in the answer alone.
bool is_refusal(unsigned status) {
  return status == 401 || status == 403 || status == 429;
}

HttpResponse busy() {
  return problem(503, "other documents of this size are being read; try again");
}

HttpResponse no_route(const NoRoute& none) {
  if (none.wanted.empty()) return problem(404, "there is nothing here; docs/operators/server.md lists what there is");
  HttpResponse response = problem(405, "want " + none.wanted);
  response.headers.emplace_back("Allow", none.wanted);
  return response;
}

// From one namespace, where the query names one.
View view_of(const Admitted& request) {
  return {request.parts->cluster, text_in(request.query, kNamespace)};
}

// `image`: what the answer is to call it.
HttpResponse ask_index(const Admitted& request, Question question, std::string_view sbom, std::string image = {}) {
  const ApiParts& parts = *request.parts;
  const auto index = parts.index->current();
  if (!index) return problem(503, parts.index->shortcoming(current_time(), std::nullopt));
  const auto start = Clock::now();
  Asked asked{question, sha256_hex(sbom), index->identity(), std::move(image)};
  if (const auto before = parts.kept->find(asked, start)) {
    parts.metrics->count_match(before->verdict, Clock::now() - start);
    parts.metrics->count_repeated();
    return json_answer(*before->body);  // a copy: what a client is slow to take has to count as its own
  }
  ScanAnswer answer = question == Question::scan
                          ? answer_scan(sbom, asked.sbom_sha256, asked.image, *index, parts.policy, current_time())
                          : answer_match(sbom, asked.sbom_sha256, *index);
  if (answer.verdict.empty()) return std::move(answer.response);
  parts.metrics->count_match(answer.verdict, Clock::now() - start);
  parts.kept->keep(std::move(asked), answer.response.body, std::move(answer.verdict), start);
  return std::move(answer.response);
}

HttpResponse take_report(const Admitted& request, std::string_view body) {
  const ApiParts& parts = *request.parts;
  ReportAnswer answer =
      keep_report(*parts.store, {parts.cluster, parts.room}, {request.identity, request.pod}, body, current_time());
  if (!answer.verdict.empty()) parts.metrics->count_report(answer.verdict);
  if (answer.response.status == 507) parts.metrics->count_refused_report();
  return std::move(answer.response);
}

// What has become known of an image since: its SBOM and the index of now.
HttpResponse findings(Work& work) {
  const Admitted& request = work.request;
  const std::string& digest = request.found.digest;
  auto sbom = show_sbom(*request.parts->store, view_of(request), digest, {}, work.most());
  if (!sbom) return ask_for_place(work);
  return sbom->status == 200 ? ask_index(request, Question::scan, sbom->body, digest) : std::move(*sbom);
}

HttpResponse sbom(Work& work) {
  const Admitted& request = work.request;
  auto found =
      show_sbom(*request.parts->store, view_of(request), request.found.digest, request.if_none_match, work.most());
  return found ? std::move(*found) : ask_for_place(work);
}

HttpResponse find(Work& work) {
  const Admitted& request = work.request;
  const ApiParts& parts = *request.parts;
  const bool has_package = request.query.contains("package");
  if (has_package == request.query.contains("cve")) return problem(400, "the query: want package=NAME or cve=ID");
  if (has_package) return search(*parts.store, view_of(request), request.query);
  const auto index = parts.index->current();
  if (!index) return problem(503, parts.index->shortcoming(current_time(), std::nullopt));
  auto page = search_vulnerability(*parts.store, view_of(request), request.query, *index, work.most());
  return page ? std::move(*page) : ask_for_place(work);
}

// The index in use as it is, for gates and mirrors. Whoever has begun to fetch it gets it whole, whatever follows it.
HttpResponse send_index(const Admitted& request) {
  const auto index = request.parts->index->current();
  if (!index) return problem(503, request.parts->index->shortcoming(current_time(), std::nullopt));
  HttpResponse response;
  if (is_not_modified(response, index->sha256(), request.if_none_match)) return response;
  response.content_type = "application/octet-stream";
  response.shared = SharedBody{index, index->bytes()};
  return response;
}

HttpResponse show_metrics(const ApiParts& parts) {
  ServerFigures figures;
  figures.certificate_expiry = parts.certificate_expiry();
  if (const auto index = parts.index->current()) {
    figures.index_date = index->date();
    figures.index_sha256 = index->sha256();
    figures.index_bytes = index->bytes().size();
  }
  figures.index_refusals = parts.index->refusals();
  figures.store_max_bytes = parts.store_max_bytes;
  if (parts.room.whole != kNoLimit) figures.reports_max_bytes = parts.room.whole;
  if (const auto stored = figures_of(*parts.store)) {
    figures.store_is_readable = true;
    figures.reports = stored->reports;
    figures.images = stored->images;
    figures.sboms = stored->sboms;
    figures.store_bytes = stored->bytes;
    figures.reports_bytes = stored->charged;
  }
  const auto audits = parts.store->read([&](Database& database) { return audit_figures(database, parts.cluster); });
  if (audits) {
    figures.audits = audits->audits;
    figures.newest_audit = audits->newest;
  }
  HttpResponse response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = parts.metrics->text(figures);
  return response;
}

// Blocks: it runs in the pool.
HttpResponse answer_admitted(Work& work) {
  const Admitted& request = work.request;
  const ApiParts& parts = *request.parts;
  const std::string& digest = request.found.digest;
  const auto decoded = decode_body_within(work.most(), request.encoding, work.body);
  if (!decoded)
    return decoded.error().code == Errc::unsupported ? problem(415, decoded.error().text) : problem(decoded.error());
  if (!*decoded) return ask_for_place(work);
  const std::string& body = **decoded;
  if (auto checked = check_values(body); !checked) return problem(checked.error());
  switch (request.found.route->endpoint) {
    case Endpoint::scan: return ask_index(request, Question::scan, body, text_in(request.query, "image"));
    case Endpoint::match: return ask_index(request, Question::match, body);
    case Endpoint::report: return take_report(request, body);
    case Endpoint::send_audit: return keep_audit(*parts.store, parts.cluster, request.identity, body, current_time());
    case Endpoint::index: return send_index(request);
    case Endpoint::images: return list_images(*parts.store, view_of(request), request.query);
    case Endpoint::verdict: return show_verdict(*parts.store, view_of(request), digest);
    case Endpoint::sbom: return sbom(work);
    case Endpoint::findings: return findings(work);
    case Endpoint::history: return show_history(*parts.store, view_of(request), digest, request.query);
    case Endpoint::search: return find(work);
    case Endpoint::audits: return list_audits(*parts.store, parts.cluster, request.query);
    case Endpoint::last_audit: return show_audit(*parts.store, parts.cluster, 0, request.if_none_match);
    case Endpoint::audit: return show_audit(*parts.store, parts.cluster, request.audit, request.if_none_match);
    case Endpoint::metrics: return show_metrics(parts);
  }
  return problem(500, "a route without an answer");
}

// What it took for a large document is gone before the next one is read.
HttpResponse answer_and_leave(Work& work) {
  HttpResponse answer = answer_admitted(work);
  work.place.reset();
  return answer;
}

bool takes(const Route& route, std::string_view parameter) {
  return std::find(route.parameters.begin(), route.parameters.end(), parameter) != route.parameters.end();
}

// What of a request can be refused before anybody is known.
std::variant<Admitted, HttpResponse> read_head(const HttpRequest& head) {
  auto segments = parse_path(head.path);
  if (!segments) return problem(segments.error());
  auto found = find_route(head.method, *segments);
  if (const auto* none = std::get_if<NoRoute>(&found)) return no_route(*none);
  auto query = parse_query(head.query);
  if (!query) return problem(query.error());
  Admitted request;
  request.found = std::get<FoundRoute>(std::move(found));
  if (!request.found.digest.empty() && !is_image_digest(request.found.digest)) {
    return problem(400, "want an image's digest: \"sha256:\" and 64 hexadecimal digits, or \"sha512:\" and 128");
  }
  const Route& route = *request.found.route;
  if (route.scope == Scope::read && !takes(route, kNamespace) && query->contains(kNamespace)) {
    return problem(400, "an audit is of the whole cluster: it takes the right to read in all namespaces");
  }
  // One that was not understood could have been what was to be left out.
  for (const auto& [name, value] : *query) {
    if (takes(route, name)) continue;
    return problem(400, "the query: " + std::string(route.pattern) + " takes no \"" + name + '"' +
                            (route.parameters.empty() ? std::string() : ", but " + join(route.parameters, ", ")));
  }
  if (head.header_count("Content-Encoding") > 1) return problem(400, "want one Content-Encoding");
  if (!request.found.id.empty()) {
    const auto number = row_number(request.found.id);
    if (!number) return problem(400, "want an audit's id, as GET /v1/audits lists them");
    request.audit = *number;
  }
  request.query = std::move(*query);
  request.encoding = head.header("Content-Encoding");
  request.if_none_match = head.header("If-None-Match");
  return request;
}

asio::awaitable<Result<bool>> may(const Admitted& request) {
  const Scope scope = request.found.route->scope;
  if (scope != Scope::read) co_return request.identity.scopes.have(scope);
  const auto allowed = co_await request.parts->authenticator->may_read(request.identity, view_of(request).namespace_);
  co_return allowed;
}

// Whoever sends a token is asked for no other proof: a wrong one is wrong.
asio::awaitable<Result<std::optional<Identity>>> identify(const ApiParts& parts, const HttpRequest& request) {
  if (request.peer != nullptr && request.header("Authorization").empty()) {
    co_return parts.authenticator->identify(*request.peer, current_time());
  }
  std::string token(bearer_of(request.header("Authorization")));
  std::string address(request.address);
  auto identity = co_await parts.authenticator->identify(std::move(token), std::move(address));
  co_return identity;
}

// A report is kept without what the cluster does not say of its pod.
asio::awaitable<Result<ReportingPod>> look_at_pod(const ApiParts& parts, Identity identity) {
  auto pod = co_await parts.authenticator->pod_of(std::move(identity));
  const bool is_fault = !pod && pod.error().code != Errc::not_found;
  if (is_fault) parts.metrics->count_unread_pod();
  if (is_fault || pod) parts.on_pod(pod ? Result<void>() : Result<void>(pod.error()));
  co_return pod;
}

asio::awaitable<HttpResponse> answer_in_turn(HttpExchange& exchange, std::string client, std::shared_ptr<Work> work) {
  for (;;) {
    work->wants_place = false;
    std::function<HttpResponse()> job = [work] { return answer_and_leave(*work); };
    std::string whose = client;
    HttpResponse answer = co_await exchange.in_pool(std::move(whose), std::move(job));
    if (!work->wants_place) co_return answer;
    whose = client;
    work->place = co_await work->request.parts->large->enter(std::move(whose));
    if (!work->place) co_return busy();
  }
}

asio::awaitable<HttpResponse> admit_and_answer(std::shared_ptr<const ApiParts> parts, HttpExchange& exchange,
                                               Admitted request, std::string& known_as) {
  const Route& route = *request.found.route;
  auto identity = co_await identify(*parts, exchange.request());
  if (!identity) co_return problem(identity.error());
  if (!*identity) co_return unauthorized();
  request.identity = std::move(**identity);
  const std::string client =
      request.identity.pod_uid.empty() ? request.identity.name : request.identity.name + ' ' + request.identity.pod_uid;
  known_as = client;
  const auto ticket = parts->limits->enter(client, Clock::now());
  if (!ticket) co_return too_many();
  request.parts = std::move(parts);
  const auto allowed = co_await may(request);
  if (!allowed) co_return problem(allowed.error());
  if (!*allowed) {
    co_return problem(403, "the token of " + request.identity.name + " is not for this: it needs the scope \"" +
                               std::string(to_string(route.scope)) + '"' +
                               (takes(route, kNamespace) ? ", or ?namespace= and the right to read there" : ""));
  }
  std::string body;
  if (route.method == "POST") {
    auto whole = co_await exchange.rest_of_body();
    if (!whole) co_return HttpResponse{};  // the client has been told
    body = std::move(*whole);
  }
  if (route.endpoint == Endpoint::report) request.pod = co_await look_at_pod(*request.parts, request.identity);
  auto work = std::make_shared<Work>(Work{std::move(request), std::move(body)});
  std::string whose = client;
  auto answer = co_await answer_in_turn(exchange, std::move(whose), std::move(work));
  co_return answer;
}

asio::awaitable<HttpResponse> handle(std::shared_ptr<const ApiParts> parts, HttpExchange& exchange) {
  const auto start = Clock::now();
  auto head = read_head(exchange.request());
  std::string_view route = kUnknownRoute;
  HttpResponse answer;
  if (auto* const refused = std::get_if<HttpResponse>(&head)) {
    answer = std::move(*refused);
  } else {
    Admitted& request = std::get<Admitted>(head);
    route = request.found.route->pattern;
    std::string client;
    answer = co_await admit_and_answer(parts, exchange, std::move(request), client);
    if (is_refusal(answer.status)) parts->on_refusal(answer.status, std::string(exchange.request().address), client);
  }
  parts->metrics->count(route, answer.status, Clock::now() - start);
  co_return answer;
}

}  // namespace

Api::Api(std::shared_ptr<const ApiParts> parts)
    : parts_(std::move(parts)),
      handler_([parts = parts_](HttpExchange& exchange) { return handle(parts, exchange); }) {}

HttpResponse Api::answer(const HttpRequest& request) const {
  if (request.method != "GET" && request.method != "HEAD") return no_route({"GET, HEAD"});
  if (request.path == "/healthz") return answer_health();
  Readiness readiness = parts_->state();
  if (!parts_->store->was_reached()) readiness.missing = "the store has not been reached yet; the log says why";
  if (parts_->store->is_damaged()) {
    readiness.missing = "the store is damaged: put a backup in its place, and start the server again";
  }
  if (readiness.missing.empty()) readiness.missing = parts_->index->shortcoming(current_time(), parts_->max_age);
  return answer_readiness(readiness);
}

const WaitingHandler* Api::handler(const HttpRequest& head) const {
  return head.path == "/healthz" || head.path == "/readyz" ? nullptr : &handler_;
}

}  // namespace initscan::server
