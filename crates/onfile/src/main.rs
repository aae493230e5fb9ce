//! The program, thin: it reads what it is told and hands it to a verb.

#![deny(unreachable_pub)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod commands;

use commands::explain::Explain;
use commands::healthcheck::Healthcheck;
use commands::listen::Listen;
use commands::serve::Serve;
use commands::tour::Tour;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A payments server that you run yourself and that speaks Stripe's API.
///
/// Without a verb it serves. onfile is compatible with Stripe's API; it is not affiliated with
/// Stripe.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serves the API (what happens without a verb, too).
    Serve(Serve),
    /// Plays the flows against a server and narrates them.
    Tour(Tour),
    /// Forwards events to an app on this machine as they happen.
    Listen(Listen),
    /// Explains a code of an answer, or a rule of a trace.
    Explain(Explain),
    /// Asks a running server whether it is well; for containers.
    Healthcheck(Healthcheck),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut out = std::io::stdout();
    let done = match arguments.verb.unwrap_or(Verb::Serve(arguments.serve)) {
        Verb::Serve(serve) => serve.run(&mut out),
        Verb::Tour(tour) => tour.run(&mut out),
        Verb::Listen(listen) => listen.run(&mut out),
        Verb::Explain(explain) => explain.run(&mut out),
        Verb::Healthcheck(healthcheck) => healthcheck.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
