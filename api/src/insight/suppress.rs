//! What is hidden, so that nothing hidden can be worked out.
//!
//! Counts of 0 to 4 are told as "0-4". Then whoever knows every table and adds and subtracts must still find both 0 and 4
//! possible for each of them, and a span of at least four for everything else that is hidden. Two rules make that exact and
//! quick to decide:
//!
//! - Only what is told is split. The parts of something hidden are told of in no table, so that each split can be looked at
//!   by itself: whatever its hidden parts may be, the rest can be made to fit.
//! - A table is dates by one dimension. Its sums then form a network: every count is a flow from its row to its sum over
//!   time, from there to the next, and out. What a hidden count may be is what can be sent around through the other hidden
//!   ones, in whole numbers, and no linear programme finds more.
//!
//! Where too little can be sent, the cheapest new counts on a way around are hidden too. What was released is never among
//! them, and stays as safe as it was: a new row adds freedom, and a new sum is not told if it would take too much.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, VecDeque},
    iter,
};

use super::tables::{Columns, FEW, Grain, Period, Plan, Shown, Unfit};

/// How wide what is hidden stays.
const SPAN: i64 = FEW as i64;
/// What hiding a total of more weeks costs beside a week's: those are the figures that are read.
const WORTH: [u64; 3] = [1, 4, 16];
const UNBOUNDED: i64 = i64::MAX / 4;
const OUTSIDE: usize = 0;

/// A year as far as it has come: what is over, what is told of it, and what is to be told now.
pub(super) struct Year<'a> {
    pub plan: &'a Plan,
    pub spans: Vec<Span>,
    /// By column and span.
    pub cells: Vec<Vec<Cell>>,
}

pub(super) struct Span {
    pub period: Period,
    pub grain: Grain,
    /// What it is summed into.
    pub up: Option<usize>,
    pub is_over: bool,
    pub is_new: bool,
}

#[derive(Clone, Copy)]
pub(super) struct Cell {
    pub count: u64,
    /// Nothing for what is not told by such dates, is not over yet, or did not exist then.
    pub shown: Option<Shown>,
}

impl Year<'_> {
    /// Tells the new spans.
    pub fn decide(&mut self) -> Result<(), Unfit> {
        let all = Columns { of: 0, grain: self.plan.columns[0].grain, parts: vec![0] };
        self.decide_split(&all, false)?;
        for split in &self.plan.splits {
            self.decide_split(split, true)?;
        }
        Ok(())
    }

    fn decide_split(&mut self, split: &Columns, is_part: bool) -> Result<(), Unfit> {
        let mut rows = self.rows(split, is_part);
        for (span, _) in rows.iter().enumerate().filter(|(span, row)| self.spans[*span].is_new && **row == Row::Told) {
            for &column in &split.parts {
                let cell = &mut self.cells[column][span];
                cell.shown = Some(if cell.count <= FEW { Shown::Few } else { Shown::Count(cell.count) });
            }
        }
        self.tell_rest(split, is_part, &rows);
        self.hide_early(split, &rows);
        loop {
            let exposed = self.hide(split, is_part, &rows);
            if let Some(exposed) = exposed {
                let row = self.row_to_leave(exposed.span, &rows);
                let of = || self.plan.columns[exposed.column].of.clone();
                rows[row.ok_or_else(|| Unfit::Exposed(of()))?] = Row::Untold;
            }
            self.tell_rest(split, is_part, &rows);
            if exposed.is_none() {
                return Ok(());
            }
        }
    }

    /// The row that says too much in whatever way it is told: that of what stays exposed, or else the first new sum above
    /// it, or else what is new below.
    fn row_to_leave(&self, exposed: usize, rows: &[Row]) -> Option<usize> {
        let may_go = |span: &usize| self.spans[*span].is_new && rows[*span] == Row::Told;
        let is_below = |span: &usize| may_go(span) && self.with_above(*span).any(|above| above == exposed);
        self.with_above(exposed).find(may_go).or_else(|| (0..self.spans.len()).rev().find(is_below))
    }

    /// A span and what it is summed into, up to the year.
    fn with_above(&self, span: usize) -> impl Iterator<Item = usize> {
        iter::successors(Some(span), |span| self.spans[*span].up)
    }

    /// What stands in rows that are not told. A sum of nothing but told counts is told all the same: anyone can add them.
    fn tell_rest(&mut self, split: &Columns, is_part: bool, rows: &[Row]) {
        // Weeks stand after their months, and those after their year.
        for span in (0..self.spans.len()).rev() {
            if !self.spans[span].is_new || self.spans[span].grain < split.grain || rows[span] == Row::Told {
                continue;
            }
            let is_sum = self.spans[span].grain > split.grain;
            let is_of_few = is_part && self.cells[split.of][span].shown == Some(Shown::Few);
            for &column in &split.parts {
                let mut parts = (0..self.spans.len()).filter(|part| self.spans[*part].up == Some(span));
                let is_told =
                    is_sum && parts.all(|part| matches!(self.cells[column][part].shown, Some(Shown::Count(_)) | None));
                let cell = &mut self.cells[column][span];
                cell.shown = Some(match is_told {
                    true => Shown::Count(cell.count),
                    false if is_of_few => Shown::Few,
                    false => Shown::Untold,
                });
            }
        }
    }

    fn rows(&self, split: &Columns, is_part: bool) -> Vec<Row> {
        let row = |(span, at): (usize, &Span)| {
            if at.grain < split.grain || !at.is_over {
                return Row::NotTold;
            }
            if is_part && !matches!(self.cells[split.of][span].shown, Some(Shown::Count(_))) {
                return Row::NotTold;
            }
            let untold = |column: &usize| self.cells[*column][span].shown == Some(Shown::Untold);
            if !at.is_new && split.parts.iter().any(untold) { Row::Untold } else { Row::Told }
        };
        self.spans.iter().enumerate().map(row).collect()
    }

    /// Where little of a sum is hidden that is still to come, hides so much more of it now that the sum can be told then.
    fn hide_early(&mut self, split: &Columns, rows: &[Row]) {
        let open = (0..self.spans.len()).filter(|span| !self.spans[*span].is_over);
        for sum in open.collect::<Vec<_>>() {
            let over = |span: &usize| self.spans[*span].up == Some(sum) && self.spans[*span].is_over;
            let parts: Vec<_> = (0..self.spans.len()).filter(over).collect();
            for &column in &split.parts {
                let mut network = Network::default();
                let node = network.node();
                let mut told = 0;
                for &span in &parts {
                    let Cell { count, shown } = self.cells[column][span];
                    told += usize::from(matches!(shown, Some(Shown::Count(_))));
                    if let Some(kind) = self.kind(shown, span) {
                        let cost = self.cost(column, span);
                        let kind = if rows[span] == Row::NotTold { Kind::Gathered } else { kind };
                        network.flow(OUTSIDE, node, count, kind, cost, Exposed { column, span });
                    }
                }
                let hidden: Vec<_> = network.hidden().collect();
                if 2 * hidden.len() > told {
                    continue;
                }
                for flow in hidden {
                    let beside = if network.holds(flow) { None } else { network.beside(flow) };
                    for other in beside.unwrap_or_default() {
                        let at = network.hide(other);
                        self.cells[at.column][at.span].shown = Some(Shown::Many);
                    }
                }
            }
        }
    }

    fn kind(&self, shown: Option<Shown>, span: usize) -> Option<Kind> {
        match shown? {
            Shown::Few => Some(Kind::Few),
            Shown::Many => Some(Kind::Many),
            Shown::Untold => Some(Kind::Untold),
            Shown::Count(_) => self.spans[span].is_new.then_some(Kind::Told),
        }
    }

    /// What is lost by hiding a count: more for more, for longer times, and for what is split. Counts are taken by their
    /// magnitude, so that being the cheapest says little of one.
    fn cost(&self, column: usize, span: usize) -> u64 {
        let magnitude = (self.cells[column][span].count / 5).max(1).ilog2();
        let worth = WORTH[self.spans[span].grain as usize] * (1 + self.plan.columns[column].under);
        worth.saturating_mul(1 << magnitude)
    }

    /// Hides what is needed beside what is hidden, and answers what stays exposed even so.
    fn hide(&mut self, split: &Columns, is_part: bool, rows: &[Row]) -> Option<Exposed> {
        let mut network = self.network(split, is_part, rows);
        // Where nothing new stands above, what is new only adds to what is possible.
        let is_touched =
            |flow: &usize| self.with_above(network.flows[*flow].at.span).any(|span| self.spans[span].is_new);
        let mut open: VecDeque<_> = network.hidden().rev().filter(is_touched).collect();
        while let Some(flow) = open.pop_front() {
            if network.holds(flow) {
                continue;
            }
            let Some(beside) = network.beside(flow) else {
                return Some(network.flows[flow].at);
            };
            for other in beside {
                let at = network.hide(other);
                self.cells[at.column][at.span].shown = Some(Shown::Many);
                open.push_back(other);
            }
        }
        None
    }

    fn network(&self, split: &Columns, is_part: bool, rows: &[Row]) -> Network {
        let mut network = Network::default();
        let parts = &split.parts;
        // The node of each sum over time. Of what is not told nobody knows the sums: its parts go to the next above.
        let mut sums: Vec<Option<Vec<usize>>> = vec![None; self.spans.len()];
        for (span, at) in self.spans.iter().enumerate() {
            if at.grain > split.grain && rows[span] != Row::NotTold {
                sums[span] = Some(parts.iter().map(|_| network.node()).collect());
            }
        }
        let told_above = |span: usize| self.with_above(span).skip(1).find(|above| sums[*above].is_some());
        let into = |above: Option<usize>, part: usize| {
            above.and_then(|above| sums[above].as_ref()).map_or(OUTSIDE, |nodes| nodes[part])
        };
        // Rows that are not told, together: they matter where their sum is known.
        let mut gathered: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
        for (span, at) in self.spans.iter().enumerate() {
            if at.grain < split.grain || !at.is_over {
                continue;
            }
            let above = told_above(span);
            let from = match (at.grain == split.grain, rows[span]) {
                (true, Row::NotTold) => {
                    if let Some(above) = above {
                        let counts = gathered.entry(above).or_insert_with(|| vec![0; parts.len()]);
                        counts.iter_mut().zip(parts).for_each(|(sum, &column)| *sum += self.cells[column][span].count);
                    }
                    continue;
                }
                (true, _) if !is_part => vec![OUTSIDE; parts.len()],
                (true, _) => vec![network.node(); parts.len()],
                (false, _) => match &sums[span] {
                    Some(nodes) => nodes.clone(),
                    None => continue,
                },
            };
            for (part, &column) in parts.iter().enumerate() {
                let Cell { count, shown } = self.cells[column][span];
                if let Some(kind) = self.kind(shown, span) {
                    let cost = self.cost(column, span);
                    network.flow(from[part], into(above, part), count, kind, cost, Exposed { column, span });
                }
            }
        }
        for (above, counts) in gathered {
            let row = network.node();
            for (part, &column) in parts.iter().enumerate() {
                let at = Exposed { column, span: above };
                network.flow(row, into(Some(above), part), counts[part], Kind::Gathered, 0, at);
            }
        }
        network
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    Told,
    /// Its sum is known, and of its parts nothing.
    Untold,
    /// What it is a part of is hidden, or not told by such dates.
    NotTold,
}

#[derive(Clone, Copy)]
struct Exposed {
    column: usize,
    span: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Told,
    Few,
    Many,
    Untold,
    /// The rows of a part that are not told, under one known sum. Each of them is as free as what it is a part of, unless
    /// all of them together are too few.
    Gathered,
}

struct Flow {
    from: usize,
    to: usize,
    count: i64,
    kind: Kind,
    cost: u64,
    at: Exposed,
}

impl Flow {
    fn least(&self) -> i64 {
        if matches!(self.kind, Kind::Many | Kind::Told) { SPAN + 1 } else { 0 }
    }

    fn most(&self) -> i64 {
        if self.kind == Kind::Few { SPAN } else { UNBOUNDED }
    }
}

/// Nodes are sums that are known, and what comes in is what goes out. OUTSIDE is what nobody knows.
struct Network {
    flows: Vec<Flow>,
    ways: Vec<Vec<usize>>,
}

impl Default for Network {
    fn default() -> Self {
        Self { flows: Vec::new(), ways: vec![Vec::new()] }
    }
}

/// What is sent around beside the true counts, by flow.
type Sent = BTreeMap<usize, i64>;

impl Network {
    fn node(&mut self) -> usize {
        self.ways.push(Vec::new());
        self.ways.len() - 1
    }

    fn flow(&mut self, from: usize, to: usize, count: u64, kind: Kind, cost: u64, at: Exposed) {
        let count = i64::try_from(count).unwrap_or(UNBOUNDED / 2);
        self.ways[from].push(self.flows.len());
        self.ways[to].push(self.flows.len());
        self.flows.push(Flow { from, to, count, kind, cost, at });
    }

    fn hidden(&self) -> impl DoubleEndedIterator<Item = usize> + use<> {
        let hidden: Vec<_> = (0..self.flows.len()).filter(|flow| self.flows[*flow].kind != Kind::Told).collect();
        hidden.into_iter()
    }

    fn hide(&mut self, flow: usize) -> Exposed {
        self.flows[flow].kind = Kind::Many;
        self.flows[flow].at
    }

    fn holds(&self, flow: usize) -> bool {
        self.freed(flow, None).is_some()
    }

    /// New counts that would free a hidden one.
    fn beside(&self, flow: usize) -> Option<Vec<usize>> {
        let mut taken = Vec::new();
        self.freed(flow, Some(&mut taken))?;
        Some(taken)
    }

    /// Whether a hidden count can be all that it has to be able to be; with what is taken beside, if that may be.
    fn freed(&self, flow: usize, mut taken: Option<&mut Vec<usize>>) -> Option<()> {
        let Flow { count, kind, .. } = self.flows[flow];
        let mut reaches = |up: bool, by: i64| self.send(flow, up, by, taken.as_deref_mut());
        let is_free = match kind {
            Kind::Told => true,
            Kind::Few => reaches(true, SPAN - count) == SPAN - count && reaches(false, count) == count,
            Kind::Gathered => count >= SPAN || reaches(true, SPAN - count) == SPAN - count,
            Kind::Many | Kind::Untold => {
                let up = reaches(true, SPAN);
                let down = (SPAN - up).min(count - self.flows[flow].least());
                up + reaches(false, down) >= SPAN
            }
        };
        is_free.then_some(())
    }

    /// How much more or less a count can be, as far as is asked.
    fn send(&self, flow: usize, up: bool, asked: i64, mut taken: Option<&mut Vec<usize>>) -> i64 {
        let Flow { from, to, .. } = self.flows[flow];
        let (start, goal) = if up { (to, from) } else { (from, to) };
        let mut sent = Sent::from([(flow, 0)]);
        let mut reached = 0;
        while reached < asked {
            let Some(way) = self.way(start, goal, flow, &sent, taken.as_deref()) else { break };
            let room = way.iter().map(|step| self.room(*step, &sent)).min().unwrap_or(UNBOUNDED).min(asked - reached);
            for (other, forward) in way {
                *sent.entry(other).or_default() += if forward { room } else { -room };
                if let Some(taken) = taken.as_deref_mut()
                    && self.flows[other].kind == Kind::Told
                    && !taken.contains(&other)
                {
                    taken.push(other);
                }
            }
            reached += room;
        }
        reached
    }

    fn room(&self, (flow, forward): (usize, bool), sent: &Sent) -> i64 {
        let now = self.flows[flow].count + sent.get(&flow).copied().unwrap_or_default();
        if forward { self.flows[flow].most() - now } else { now - self.flows[flow].least() }
    }

    /// The cheapest way from one node to another past a flow, over what is hidden; with `taken` also over what may be.
    fn way(
        &self,
        start: usize,
        goal: usize,
        past: usize,
        sent: &Sent,
        taken: Option<&Vec<usize>>,
    ) -> Option<Vec<(usize, bool)>> {
        let mut best = vec![u64::MAX; self.ways.len()];
        let mut came: Vec<Option<(usize, bool)>> = vec![None; self.ways.len()];
        let mut open = BinaryHeap::from([Reverse((0, 0, start))]);
        best[start] = 0;
        while let Some(Reverse((cost, steps, node))) = open.pop() {
            if node == goal {
                break;
            }
            if cost > best[node] {
                continue;
            }
            for &flow in self.ways[node].iter().filter(|flow| **flow != past) {
                let Flow { from, to, kind, cost: price, .. } = self.flows[flow];
                let forward = from == node;
                let next = if forward { to } else { from };
                let price = match taken {
                    _ if kind != Kind::Told => 0,
                    None => continue,
                    Some(taken) if taken.contains(&flow) => 0,
                    Some(_) => price,
                };
                let cost = price.saturating_add(cost);
                if cost < best[next] && self.room((flow, forward), sent) > 0 {
                    best[next] = cost;
                    came[next] = Some((flow, forward));
                    open.push(Reverse((cost, steps + 1, next)));
                }
            }
        }
        let mut way = Vec::new();
        let mut node = goal;
        while node != start {
            let (flow, forward) = came[node]?;
            way.push((flow, forward));
            node = if forward { self.flows[flow].from } else { self.flows[flow].to };
        }
        Some(way)
    }
}
