package org.osprey.coordinator.http;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServerContainer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.security.RefusedException;

/**
 * Adds WebSockets to the HTTP port. Pages of other sites are refused, since browsers let them open
 * sockets anywhere; messages are not compressed, because each socket would need memory for it.
 */
public final class WebSockets {
  private static final int NEVER_OPENED = 1006;

  private WebSockets() {}

  /** Decides on a handshake; runs on a virtual thread and may block. */
  @FunctionalInterface
  public interface Opening {

    /**
     * @return who is told of the socket: of its close in any case, also when it could not be opened
     * @throws ProblemException to refuse
     */
    Session.Listener open(Context context);
  }

  /**
   * @param sendBuffer bytes that the kernel may hold of what leaves
   */
  public static void add(
      JavalinDefaultRoutingApi routes, String path, Need need, int sendBuffer, Opening opening) {
    routes.ws(path, unused -> {}, need);
    routes.wsBeforeUpgrade(path, context -> answer(context, need, sendBuffer, opening));
    routes.get(path, WebSockets::wantUpgrade, need);
  }

  private static void wantUpgrade(Context context) {
    context.header("Upgrade", "websocket");
    throw new ProblemException(
        HttpStatus.UPGRADE_REQUIRED, "Upgrade: want websocket, with Sec-WebSocket-Version: 13");
  }

  private static void wantHandshake(Context context) {
    if (!"websocket".equalsIgnoreCase(context.header("Upgrade"))
        || !"13".equals(context.header("Sec-WebSocket-Version"))) {
      wantUpgrade(context);
    }
    if (context.header("Sec-WebSocket-Key") == null) {
      throw ProblemException.badRequest("Sec-WebSocket-Key: is missing, want 16 bytes in base64");
    }
  }

  /** Javalin's own sockets do not tell of pongs, so the upgrade is made here. */
  private static void answer(Context context, Need need, int sendBuffer, Opening opening)
      throws IOException {
    context.skipRemainingHandlers();
    try {
      refuseOtherSites(context);
      Gate.of(context).admit(context, Set.of(need));
      wantHandshake(context);
      upgrade(context, sendBuffer, opening.open(context));
    } catch (ProblemException e) {
      refuse(context, e);
    } catch (RefusedException e) {
      refuse(context, Problems.ofRefusal(e));
    } catch (HttpException.RuntimeException e) {
      refuse(context, ProblemException.badRequest("the handshake is wrong: " + e.getReason()));
    }
  }

  /** Javalin writes no result where there may be an upgrade. */
  private static void refuse(Context context, ProblemException problem) throws IOException {
    Problems.write(context, problem);
    writeResult(context);
  }

  private static void upgrade(Context context, int sendBuffer, Session.Listener listener)
      throws IOException {
    boolean upgraded = false;
    try {
      limit(connection(context), sendBuffer);
      upgraded =
          JettyWebSocketServerContainer.ensureContainer(context.req().getServletContext())
              .upgrade(
                  (request, response) -> {
                    response.setExtensions(List.of());
                    return listener;
                  },
                  context.req(),
                  context.res());
    } finally {
      if (!upgraded) {
        listener.onWebSocketClose(NEVER_OPENED, "no WebSocket", Callback.NOOP);
      }
    }
    if (!upgraded) {
      throw ProblemException.badRequest("the request is no WebSocket handshake (RFC 6455)");
    }
  }

  private static void refuseOtherSites(Context context) {
    HttpServer.refuseOtherSites(context);
    String origin = context.header("Origin");
    if (origin != null && !sameSite(origin, context.header("Host"))) {
      throw new ProblemException(
          HttpStatus.FORBIDDEN, "Origin: is of another site, want a page of this one");
    }
  }

  private static boolean sameSite(String origin, @Nullable String host) {
    try {
      String authority = URI.create(origin).getRawAuthority();
      return authority != null
          && host != null
          && authority.toLowerCase(Locale.ROOT).equals(host.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void writeResult(Context context) throws IOException {
    try (InputStream result = context.resultInputStream()) {
      if (result != null) {
        result.transferTo(context.res().getOutputStream());
      }
    }
  }

  /** The connection that a request came on. */
  static EndPoint connection(Context context) {
    return ServletContextRequest.getServletContextRequest(context.req())
        .getConnectionMetaData()
        .getConnection()
        .getEndPoint();
  }

  /** Bounds what the kernel holds for a client that does not read. */
  static void limit(EndPoint connection, int sendBuffer) throws IOException {
    Object transport = connection.getTransport();
    while (transport instanceof EndPoint below) {
      // TLS lies upon the connection.
      transport = below.getTransport();
    }
    if (transport instanceof SocketChannel channel) {
      channel.setOption(StandardSocketOptions.SO_SNDBUF, sendBuffer);
    }
  }
}
