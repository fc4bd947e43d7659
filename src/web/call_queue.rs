//! One call at a time: a call that comes while another is running waits for its turn, first come, first served.
//!
//! The value is taken out of its place while a call uses it, so that no borrow is held over an await.

use std::{
    cell::RefCell,
    collections::VecDeque,
    future::poll_fn,
    task::{Poll, Waker},
};

use crate::{
    error::{Error, ErrorKind, Result},
    words::say,
};

enum Place<V> {
    Free(V),
    Taken,
    Closed,
}

/// A value that calls take turns with.
pub struct CallQueue<V> {
    place: RefCell<Place<V>>,
    /// Calls that wait, by ticket.
    waiting: RefCell<VecDeque<(u64, Waker)>>,
    next: RefCell<u64>,
}

impl<V> CallQueue<V> {
    /// Nobody has `value` yet.
    pub fn new(value: V) -> CallQueue<V> {
        CallQueue { place: RefCell::new(Place::Free(value)), waiting: RefCell::default(), next: RefCell::new(0) }
    }

    /// Waits until it is this call's turn. Give the value back, or call [`close`](Turns::close).
    ///
    /// # Errors
    /// [`Closed`](ErrorKind::Closed).
    pub async fn take(&self) -> Result<V> {
        let ticket = {
            let mut next = self.next.borrow_mut();
            *next += 1;
            *next
        };
        poll_fn(|context| {
            let mut waiting = self.waiting.borrow_mut();
            let first = waiting.front().is_none_or(|(earliest, _)| *earliest >= ticket);
            match &mut *self.place.borrow_mut() {
                Place::Closed => {
                    return Poll::Ready(Err(Error::new(ErrorKind::Closed, say!("the database is closed"))));
                }
                place @ Place::Free(_) if first => {
                    waiting.retain(|(waiter, _)| *waiter != ticket);
                    let Place::Free(value) = std::mem::replace(place, Place::Taken) else { unreachable!() };
                    return Poll::Ready(Ok(value));
                }
                _ => {}
            }
            match waiting.iter_mut().find(|(waiter, _)| *waiter == ticket) {
                Some((_, waker)) => context.waker().clone_into(waker),
                None => waiting.push_back((ticket, context.waker().clone())),
            }
            Poll::Pending
        })
        .await
    }

    /// Takes the value if it is there at once.
    pub fn try_take(&self) -> Option<V> {
        if !self.waiting.borrow().is_empty() {
            return None;
        }
        match &mut *self.place.borrow_mut() {
            place @ Place::Free(_) => match std::mem::replace(place, Place::Taken) {
                Place::Free(value) => Some(value),
                _ => None,
            },
            _ => None,
        }
    }

    /// This call is over: the next one has its turn.
    pub fn give_back(&self, value: V) {
        *self.place.borrow_mut() = Place::Free(value);
        if let Some((_, waker)) = self.waiting.borrow().front() {
            waker.wake_by_ref();
        }
    }

    /// Closes the queue: every call that waits, or comes later, fails.
    pub fn close(&self) {
        *self.place.borrow_mut() = Place::Closed;
        for (_, waker) in self.waiting.borrow_mut().drain(..) {
            waker.wake();
        }
    }
}
