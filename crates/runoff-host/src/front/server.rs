//! The server's life: it listens, serves, reads its configuration again, and stops when told to.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use runoff_runtimes::Registry;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Semaphore;

use super::app::App;
use super::body::Bodies;
use super::log::AccessLog;
use super::stalled::Stalled;
use super::{admin, exposed, reload, request};
use crate::config::{Config, Source};
use crate::host::{Host, HostError, Processes};
use crate::otlp::Exporter;
use crate::pool::STACK as GUEST_STACK;
use crate::repeats::Repeats;

/// How long connections go on before they are closed when the host stops, so that each client is told with an answer.
const LAME: Duration = Duration::from_millis(200);

/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 200;

/// What stops a server from starting.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The host cannot start.
    #[error(transparent)]
    Host(#[from] HostError),
    /// An address cannot be listened at.
    #[error("cannot listen at {0}: {1}")]
    Listen(SocketAddr, io::Error),
    /// The admin token cannot be read or made.
    #[error("the admin token {path}: {source}")]
    Token {
        /// Its file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The system gives no threads or signals.
    #[error("the server cannot run: {0}")]
    System(#[from] io::Error),
}

/// What is served and how.
pub struct ServeOptions {
    /// The configuration.
    pub source: Source,
    /// The same, read.
    pub written: Config,
    /// The same with what the command line changes.
    pub config: Config,
    /// Runtimes of this program.
    pub registry: Arc<Registry>,
    /// Folder of the store; the admin token is there, too.
    pub folder: PathBuf,
    /// How to start processes that compile and that run functions.
    pub processes: Processes,
    /// Told once requests are taken.
    pub ready: Box<dyn FnOnce(&Ready<'_>) + Send>,
}

/// A server that takes requests.
pub struct Ready<'a> {
    /// Where.
    pub listen: SocketAddr,
    /// Where the admin API is, and the file of its token.
    pub admin: Option<(SocketAddr, PathBuf)>,
    /// The host.
    pub host: &'a Host,
}

/// Serves until the process is told to stop.
pub fn serve(options: ServeOptions) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // Brief guests run on these threads, too, and engines recurse; only touched pages are used.
        .thread_stack_size(GUEST_STACK)
        .enable_all()
        .build()?;
    let served = runtime.block_on(run(options));
    // Connections that outlasted their grace are not waited for.
    runtime.shutdown_timeout(Duration::from_millis(100));
    served
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServeError> {
    let failed = |e| ServeError::Listen(address, e);
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let local = listener.local_addr().map_err(failed)?;
    Ok((listener, local))
}

async fn run(options: ServeOptions) -> Result<(), ServeError> {
    let ServeOptions { source, written, config, registry, folder, processes, ready } = options;
    // Signals first: one that comes while the host starts must not be lost.
    let (mut stop, mut interrupt, mut hangup) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?, signal(SignalKind::hangup())?);
    let seen = reload::look(&source, config.functions.iter().map(|f| f.module.clone()));
    let (listener, listen) = bind(config.listen).await?;
    let store = config.store.then_some(folder.as_path());
    let host = Host::start(&config, registry, store, processes)?;
    let log = AccessLog::start(config.log)?;
    let traces = config.otlp.as_ref().map(Exporter::start).transpose()?;
    let app = Arc::new(App {
        host: Arc::clone(&host),
        log,
        traces,
        timeouts: config.timeouts,
        bodies: Bodies::new(config.max_bodies),
        source,
        written,
        overlay: std::sync::Mutex::default(),
        local: listen,
        draining: AtomicBool::new(false),
    });
    warn(&app, store);
    let mut operators = None;
    if let Some((address, file)) = &config.admin {
        let path = file.clone().unwrap_or_else(|| folder.join("admin.token"));
        let token: Arc<str> = match admin::token(&path) {
            Ok(token) => token.into(),
            // A store that cannot be used is no outage: metrics and health need no token, and this one nobody has.
            Err(source) if file.is_none() => {
                crate::say(&format!(
                    "the admin token {}: {source}; only what needs none is answered: give it a file (`[admin] token-file`)",
                    path.display()
                ));
                hex::encode(crate::store::random::<32>()?).into()
            }
            Err(source) => return Err(ServeError::Token { path, source }),
        };
        let (listener, local) = bind(*address).await?;
        exposed::warn(
            &path,
            "whoever has the token administers this host; remove it and start again for a new one",
        );
        operators = Some((local, path));
        tokio::spawn(serve_admin(listener, Arc::clone(&app), token));
    }
    let watching = tokio::spawn(reload::watch(Arc::clone(&app), seen));
    let graceful = GracefulShutdown::new();
    let connections = Arc::new(Semaphore::new(config.max_connections));
    ready(&Ready { listen, admin: operators, host: &host });
    loop {
        tokio::select! {
            connection = accept(&listener, &connections) => {
                if let Some((stream, peer, place)) = connection {
                    start(&app, &graceful, stream, peer, place);
                }
            }
            _ = hangup.recv() => {
                let app = Arc::clone(&app);
                tokio::spawn(async move { drop(reload::reload_blocking(&app, |_| {}).await) });
            }
            _ = stop.recv() => break,
            _ = interrupt.recv() => break,
        }
    }
    watching.abort();
    crate::say(&format!("stopping: {} requests under way", host.active()));
    app.drain();
    let lame = tokio::time::sleep(LAME);
    tokio::pin!(lame);
    // Whoever came before we stopped listening is served.
    loop {
        tokio::select! {
            connection = accept(&listener, &connections) => {
                if let Some((stream, peer, place)) = connection {
                    start(&app, &graceful, stream, peer, place);
                }
            }
            () = &mut lame => break,
        }
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => crate::say("stopped"),
        () = tokio::time::sleep(app.timeouts.grace) => {
            crate::say(&format!("stopped with {} requests that did not end in time", host.active()));
        }
        () = again(&mut stop, &mut interrupt) => crate::say("stopped at once"),
    }
    if let Err(error) = host.keep_profiles() {
        crate::say(&format!("profiles are not kept: {error}"));
    }
    // Whoever stopped us may want to read why.
    let farewell = move || {
        if let Some(traces) = &app.traces {
            traces.flush();
        }
        crate::say::flush();
    };
    let _ = tokio::task::spawn_blocking(farewell).await;
    Ok(())
}

async fn again(stop: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = stop.recv() => {}
        _ = interrupt.recv() => {}
    }
}

type Place = tokio::sync::OwnedSemaphorePermit;

/// Out of descriptors, the same is found twenty times a second.
static UNTAKEN: LazyLock<Repeats> = LazyLock::new(|| Repeats::saying(1));

fn more(kept_back: u64) -> String {
    if kept_back == 0 {
        return "; `ulimit -n` says how many there may be".into();
    }
    format!("; {kept_back} more times since this was last said")
}

/// What operators should know before the first request.
fn warn(app: &App, store: Option<&Path>) {
    let routes = app.host.routes();
    for own in ["/healthz", "/readyz"] {
        if let Some((function, _)) = routes.find(own) {
            crate::say(&format!(
                "function {} at {} answers {own}, too: whoever asks for the host's health gets its answer",
                function.config.name, function.config.route
            ));
        }
    }
    if let Some(folder) = store {
        let words = "whoever has it can make native code that this host runs; remove it and the compiled code is made anew";
        exposed::warn(&folder.join("secret.key"), words);
    }
}

/// The next connection there is a place for.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<(TcpStream, SocketAddr, Place)> {
    // The semaphore is never closed.
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, place)),
        Err(error) => {
            // Out of descriptors, most likely: those that end give some back.
            if !matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
                if let Some(kept_back) = UNTAKEN.next(Instant::now()) {
                    crate::say(&format!("a connection cannot be taken: {error}{}", more(kept_back)));
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            None
        }
    }
}

fn start(app: &Arc<App>, graceful: &GracefulShutdown, stream: TcpStream, peer: SocketAddr, place: Place) {
    let _ = stream.set_nodelay(true);
    let times = app.timeouts;
    let io = TokioIo::new(Stalled::new(stream, times.header, times.write));
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(times.header).max_buf_size(64 << 10);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(64 << 10)
        .keep_alive_interval(times.header)
        .keep_alive_timeout(times.header);
    let shared = Arc::clone(app);
    let service = service_fn(move |request| {
        let app = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(request::handle(app, request, peer).await) }
    });
    let connection = graceful.watch(builder.serve_connection(io, service).into_owned());
    tokio::spawn(async move {
        // What goes wrong on a connection is its client's doing, and its client's to notice.
        let _ = connection.await;
        drop(place);
    });
}

async fn serve_admin(listener: TcpListener, app: Arc<App>, token: Arc<str>) {
    // Operators are few; more connections than this are a mistake.
    let places = Arc::new(Semaphore::new(64));
    loop {
        let Some((stream, _, place)) = accept(&listener, &places).await else { continue };
        let (app, token) = (Arc::clone(&app), Arc::clone(&token));
        let times = app.timeouts;
        let service = service_fn(move |request| {
            let (app, token) = (Arc::clone(&app), Arc::clone(&token));
            async move { Ok::<_, Infallible>(admin::handle(app, token, request).await) }
        });
        tokio::spawn(async move {
            let io = TokioIo::new(Stalled::new(stream, times.header, times.write));
            let mut builder = hyper::server::conn::http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(times.header);
            let _ = builder.serve_connection(io, service).await;
            drop(place);
        });
    }
}
