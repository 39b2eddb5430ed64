#include "audit/judge/known_programs.h"

namespace initscan::audit {
namespace {

using enum WriteUse;
using Names = WriteOption::Names;

// Sources: the Dockerfiles and entry points of the official images, the files of Debian's packages and each
// program's manual. /tmp is not listed: every container gets one. A directory stands here only where the image keeps
// nothing in it that the program needs.
std::vector<KnownProgram> table() {
  return {
      // The unprivileged image has its pid file and its temporary files below /tmp.
      {"nginx (unprivileged)", {"nginx-unprivileged"}, {}, {}, {}, {}, {}, ""},
      // The image's /var/log/nginx is links to standard output: it must stay as it is.
      {"nginx", {"nginx", "openresty"}, {}, {{"/var/cache/nginx", scratch}, {"/run", runtime}}, {},
       {"CHOWN", "NET_BIND_SERVICE", "SETGID", "SETUID"}, {80},
       "nginx: the entry point's scripts that edit /etc/nginx/conf.d only warn where they cannot; templates for "
       "envsubst need a volume there"},
      {"nginx", {}, {"nginx"}, {{"/run", runtime}, {"/var/lib/nginx", scratch}, {"/var/log/nginx", logs}}, {},
       {"CHOWN", "DAC_OVERRIDE", "NET_BIND_SERVICE", "SETGID", "SETUID"}, {80}, ""},
      {"httpd", {"httpd"}, {}, {{"/usr/local/apache2/logs", runtime}}, {},
       {"KILL", "NET_BIND_SERVICE", "SETGID", "SETUID"}, {80}, ""},
      {"apache2", {}, {"apache2", "apache2ctl", "apachectl", "apache2-foreground"},
       {{"/run/apache2", runtime}, {"/run/lock/apache2", runtime}, {"/var/log/apache2", logs}}, {},
       {"CHOWN", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID"}, {80}, ""},
      {"haproxy", {"haproxy"}, {"haproxy"}, {{"/var/lib/haproxy", runtime}},
       {{"-p", Names::file, runtime}}, {"NET_BIND_SERVICE", "SETGID", "SETUID"}, {}, ""},
      {"caddy", {"caddy"}, {"caddy"}, {{"/data", data}, {"/config", scratch}}, {}, {"NET_BIND_SERVICE"}, {80}, ""},
      {"traefik", {"traefik"}, {"traefik"}, {},
       {{"--certificatesresolvers.default.acme.storage", Names::file, data}, {"--accesslog.filepath", Names::file, logs}},
       {"NET_BIND_SERVICE"}, {80}, ""},

      {"redis", {"redis", "valkey", "redis-stack-server"}, {}, {{"/data", data}},
       {{"--dir", Names::directory, data}, {"--pidfile", Names::file, runtime}, {"--unixsocket", Names::file, runtime}},
       {"CHOWN", "SETGID", "SETUID"}, {}, ""},
      {"redis", {}, {"redis-server", "valkey-server"},
       {{"/run/redis", runtime}, {"/var/lib/redis", data}, {"/var/log/redis", logs}},
       {{"--dir", Names::directory, data}, {"--pidfile", Names::file, runtime}, {"--unixsocket", Names::file, runtime},
        {"--logfile", Names::file, logs}},
       {"CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"}, {}, ""},
      {"memcached", {"memcached"}, {"memcached"}, {}, {{"-P", Names::file, runtime}, {"-s", Names::file, runtime}},
       {"SETGID", "SETUID"}, {}, ""},

      {"postgres", {"postgres", "postgis", "timescaledb", "pgvector"}, {},
       {{"/run/postgresql", runtime}, {"/var/lib/postgresql", data}},
       {{"-D", Names::directory, data}, {"-k", Names::directory, runtime}},
       {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"}, {},
       "postgres: with another user than root, PGDATA must be a directory below the volume, because postgres wants "
       "to own it"},
      {"postgres", {}, {"postgres", "postmaster", "pg_ctl", "initdb"}, {{"/run/postgresql", runtime}},
       {{"-D", Names::directory, data}, {"--pgdata", Names::directory, data}, {"-k", Names::directory, runtime}},
       {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"}, {}, ""},
      {"pgbouncer", {"pgbouncer"}, {"pgbouncer"}, {{"/run/pgbouncer", runtime}, {"/var/log/pgbouncer", logs}}, {},
       {"SETGID", "SETUID"}, {}, ""},
      {"mysql", {"mysql", "mariadb", "percona", "mysql-server"}, {},
       {{"/run/mysqld", runtime}, {"/var/lib/mysql", data}},
       {{"--datadir", Names::directory, data}, {"--tmpdir", Names::directory, scratch}, {"--socket", Names::file, runtime},
        {"--pid-file", Names::file, runtime}},
       {"CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"}, {}, ""},
      {"mysql", {}, {"mysqld", "mariadbd", "mysqld_safe", "mariadbd-safe"}, {{"/run/mysqld", runtime}, {"/var/log/mysql", logs}},
       {{"--datadir", Names::directory, data}, {"--tmpdir", Names::directory, scratch}, {"--socket", Names::file, runtime},
        {"--pid-file", Names::file, runtime}},
       {"CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"}, {},
       "mysql: /var/lib/mysql comes with Debian's package; keep the data on a volume and name it with --datadir"},
      {"mongo", {"mongo", "mongodb-community-server"}, {"mongod", "mongos"}, {{"/data/db", data}, {"/data/configdb", data}},
       {{"--dbpath", Names::directory, data}, {"--logpath", Names::file, logs}, {"--pidfilepath", Names::file, runtime},
        {"--unixSocketPrefix", Names::directory, runtime}},
       {"CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"}, {}, ""},
      {"elasticsearch", {"elasticsearch", "opensearch"}, {},
       {{"/usr/share/elasticsearch/data", data}, {"/usr/share/elasticsearch/logs", logs}}, {}, {"SETGID", "SETUID", "SYS_CHROOT"}, {},
       "elasticsearch: it makes a keystore in its config directory where there is none; put one into the image"},
      {"etcd", {"etcd"}, {"etcd"}, {}, {{"--data-dir", Names::directory, data}, {"--wal-dir", Names::directory, data}}, {}, {}, ""},
      {"rabbitmq", {"rabbitmq"}, {"rabbitmq-server"}, {{"/var/lib/rabbitmq", data}, {"/var/log/rabbitmq", logs}}, {},
       {"CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"}, {}, ""},
      {"nats", {"nats"}, {"nats-server"}, {}, {{"-sd", Names::directory, data}, {"--store_dir", Names::directory, data}}, {}, {}, ""},
      {"zookeeper", {"zookeeper"}, {}, {{"/data", data}, {"/datalog", data}, {"/logs", logs}}, {},
       {"CHOWN", "SETGID", "SETUID"}, {}, ""},
      {"minio", {"minio"}, {"minio"}, {}, {{"server", Names::directory, data}}, {}, {}, ""},
      {"registry", {"registry"}, {"docker-registry"}, {{"/var/lib/registry", data}}, {}, {}, {}, ""},

      {"prometheus", {"prometheus"}, {"prometheus"}, {{"/prometheus", data}},
       {{"--storage.tsdb.path", Names::directory, data}}, {}, {}, ""},
      {"alertmanager", {"alertmanager"}, {"alertmanager"}, {{"/alertmanager", data}},
       {{"--storage.path", Names::directory, data}}, {}, {}, ""},
      {"grafana", {"grafana", "grafana-oss", "grafana-enterprise"}, {"grafana-server"},
       {{"/var/lib/grafana", data}, {"/var/log/grafana", logs}}, {}, {}, {}, ""},

      // Its home has the web applications, which are the image's own.
      {"tomcat", {"tomcat"}, {"catalina.sh"},
       {{"/usr/local/tomcat/logs", logs}, {"/usr/local/tomcat/temp", scratch}, {"/usr/local/tomcat/work", scratch}}, {}, {}, {},
       "tomcat: it unpacks each .war below webapps; unpack them in the image, or set unpackWARs=\"false\""},
      {"jetty", {"jetty"}, {}, {{"/run/jetty", runtime}}, {}, {}, {}, ""},
      {"java", {"openjdk", "eclipse-temurin", "amazoncorretto"}, {"java", "jsvc"}, {},
       {{"-Djava.io.tmpdir=", Names::directory, scratch},
        {"-Dcatalina.base=", Names::directory, logs, "logs"},
        {"-Dcatalina.base=", Names::directory, scratch, "temp"},
        {"-Dcatalina.base=", Names::directory, scratch, "work"},
        {"-XX:HeapDumpPath=", Names::file, logs},
        {"-Xloggc:", Names::file, logs}},
       {}, {}, ""},

      {"php-fpm", {"php"}, {"php-fpm", "php-fpm7.4", "php-fpm8.2", "php-fpm8.3", "php-fpm8.4"}, {{"/run/php", runtime}}, {},
       {"CHOWN", "SETGID", "SETUID"}, {}, ""},
      {"wordpress", {"wordpress"}, {}, {{"/run/apache2", runtime}, {"/run/lock/apache2", runtime}, {"/var/www/html", data}}, {},
       {"CHOWN", "DAC_OVERRIDE", "NET_BIND_SERVICE", "SETGID", "SETUID"}, {80}, ""},
      {"python", {"python"}, {"python", "python2", "python3", "gunicorn", "uvicorn", "celery", "uwsgi", "flask", "hypercorn"}, {},
       {{"--worker-tmp-dir", Names::directory, scratch}, {"--pid", Names::file, runtime}, {"--pidfile", Names::file, runtime},
        {"--error-logfile", Names::file, logs}, {"--access-logfile", Names::file, logs}},
       {}, {}, ""},
      {"node", {"node"}, {"node", "nodejs", "npm", "npx", "yarn", "pnpm"}, {}, {}, {}, {},
       "node: npm and yarn keep a cache in the home directory and go on without one"},
      {"ruby", {"ruby"}, {"ruby", "puma", "rails", "bundle"}, {},
       {{"--pidfile", Names::file, runtime}}, {}, {}, "ruby: Rails writes below its own tmp and log directories; observe them"},
  };
}

}  // namespace

std::span<const KnownProgram> known_programs() {
  static const std::vector<KnownProgram> kPrograms = table();
  return kPrograms;
}

}  // namespace initscan::audit
