package org.osprey.coordinator.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.SessionHandler;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.session.NullSessionCache;
import org.eclipse.jetty.session.NullSessionDataStore;
import org.eclipse.jetty.session.SessionCache;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.RootMessage;
import org.osprey.coordinator.security.ServerTls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP port. */
public final class HttpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration LAST_ANSWERS = Duration.ofMillis(100);
  private static final Duration LONGEST_HANDSHAKE = Duration.ofSeconds(10);
  private static final int MAX_HEADERS = 16 * 1024;

  private final HttpSettings settings;
  private final List<HttpRoutes> routes;
  private final HttpSecurity security;
  private volatile @Nullable Javalin server;

  /** Open to everybody. */
  public HttpServer(HttpSettings settings, List<HttpRoutes> routes) {
    this(settings, routes, HttpSecurity.open());
  }

  public HttpServer(HttpSettings settings, List<HttpRoutes> routes, HttpSecurity security) {
    this.settings = settings;
    this.routes = List.copyOf(routes);
    this.security = security;
  }

  /**
   * Opens the port.
   *
   * @throws IOException naming the port when it could not be opened
   */
  public void start() throws IOException {
    Javalin javalin = Javalin.create(this::configure);
    try {
      server = javalin.start();
    } catch (JavalinBindException e) {
      throw new IOException(
          "cannot open the HTTP port %s:%d: %s"
              .formatted(settings.bindAddress(), settings.port(), RootMessage.of(e)),
          e);
    }
  }

  /** The port that is open. */
  public int port() {
    Javalin running = server;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running.port();
  }

  /** Never throws. */
  public Check check() {
    Javalin running = server;
    return running == null
        ? Check.failed("http", "not open")
        : Check.ok("http", "port " + running.port());
  }

  /** Cuts whatever is still connected. May be repeated. */
  @Override
  public void close() {
    Javalin running = server;
    server = null;
    if (running != null) {
      stop(running);
    }
  }

  /** Jetty calls it a failure when a client keeps its connection to the end. */
  private static void stop(Javalin running) {
    try {
      running.stop();
    } catch (JavalinException e) {
      log.info("the HTTP port was closed with requests under way: {}", RootMessage.of(e));
    }
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.concurrency.useVirtualThreads = true;
    config.jsonMapper(new Json());
    config.http.defaultContentType = "text/plain; charset=utf-8";
    config.http.prefer405over404 = true;
    config.http.maxRequestSize = settings.maxBody();
    config.jetty.addConnector(this::connector);
    config.jetty.modifyServer(jetty -> jetty.setStopTimeout(CLOSE_TIMEOUT.toMillis()));
    config.jetty.modifyHttpConfiguration(HttpServer::limit);
    config.jetty.modifyServletContextHandler(HttpServer::keepNoSessions);
    config.routes.before(HttpServer::protect);
    new Gate(security).addTo(config);
    Problems.handle(config.routes);
    new SessionRoutes(security).addTo(config.routes);
    routes.forEach(group -> group.addTo(config.routes));
  }

  /** Javalin asks for a session with each WebSocket, and by default they are kept for ever. */
  private static void keepNoSessions(ServletContextHandler servlets) {
    SessionHandler sessions = new SessionHandler();
    SessionCache none = new NullSessionCache(sessions);
    none.setSessionDataStore(new NullSessionDataStore());
    sessions.setSessionCache(none);
    sessions.setUsingCookies(false);
    servlets.setSessionHandler(sessions);
  }

  private Connector connector(Server jetty, HttpConfiguration http) {
    ServerTls tls = security.tls();
    ServerConnector port = new ServerConnector(jetty, 1, 1, protocols(tls, http));
    port.setHost(settings.bindAddress());
    port.setPort(settings.port());
    port.setIdleTimeout(settings.idleTimeout().toMillis());
    port.setShutdownIdleTimeout(LAST_ANSWERS.toMillis());
    port.addBean(new NetworkConnectionLimit(settings.maxConnections(), port));
    if (tls != null) {
      port.addBean(new HandshakeLimit(port.getScheduler(), handshakeLimit()));
    }
    return port;
  }

  private static ConnectionFactory[] protocols(@Nullable ServerTls tls, HttpConfiguration http) {
    return tls == null
        ? new ConnectionFactory[] {new HttpConnectionFactory(http)}
        : TlsConnections.of(tls, http);
  }

  private Duration handshakeLimit() {
    Duration idle = settings.idleTimeout();
    return idle.compareTo(LONGEST_HANDSHAKE) < 0 ? idle : LONGEST_HANDSHAKE;
  }

  private static void limit(HttpConfiguration http) {
    http.setRequestHeaderSize(MAX_HEADERS);
    http.setSendServerVersion(false);
  }

  /** Browsers say where a request comes from: other sites must not steer the coordinator. */
  private static void protect(Context context) {
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Referrer-Policy", "no-referrer");
    context.header("X-Frame-Options", "DENY");
    context.header(
        "Content-Security-Policy",
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
    if (!Gate.READS.contains(context.method())) {
      refuseOtherSites(context);
    }
  }

  static void refuseOtherSites(Context context) {
    String site = context.header("Sec-Fetch-Site");
    if ("cross-site".equals(site) || "same-site".equals(site)) {
      throw new ProblemException(
          HttpStatus.FORBIDDEN, "Sec-Fetch-Site: " + site + ", want a request of this site");
    }
  }
}
